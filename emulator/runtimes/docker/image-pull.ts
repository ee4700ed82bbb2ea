import type Docker from 'dockerode';
import { ImageError, type ResolvedImage } from '../runtime.ts';
import { engineErrorStatus, engineErrorText } from './engine-error.ts';

export type PullImage = (
  image: string,
  options: { signal: AbortSignal; onProgress?: (line: string) => void },
) => Promise<ResolvedImage>;

/**
 * Makes images ready. A local image is taken as it is; several callers that want the same image share one
 * pull, and the progress of it.
 *
 * @returns throws ImageError with the registry's or the daemon's own words
 */
export function imagePuller(engine: Docker): PullImage {
  const running = new Map<string, { finished: Promise<void>; listeners: Set<(line: string) => void> }>();
  return async (image, { signal, onProgress }) => {
    const local = await inspectLocal(engine, image);
    if (local) return local;
    let pull = running.get(image);
    if (!pull) {
      const listeners = new Set<(line: string) => void>();
      const finished = pullFromRegistry(engine, image, (line) => {
        for (const listener of listeners) listener(line);
      }).finally(() => running.delete(image));
      pull = { finished, listeners };
      running.set(image, pull);
    }
    if (onProgress) pull.listeners.add(onProgress);
    try {
      await untilAborted(pull.finished, signal, image);
    } finally {
      if (onProgress) pull.listeners.delete(onProgress);
    }
    return (await inspectLocal(engine, image)) ?? {};
  };
}

async function inspectLocal(engine: Docker, image: string): Promise<ResolvedImage | undefined> {
  try {
    const { RepoDigests } = await engine.getImage(image).inspect();
    const digest = RepoDigests?.[0]?.split('@')[1];
    return digest === undefined ? {} : { digest };
  } catch (error) {
    if (engineErrorStatus(error) === 404) return undefined;
    throw imageError(image, error);
  }
}

async function pullFromRegistry(engine: Docker, image: string, onProgress: (line: string) => void): Promise<void> {
  try {
    const progress = await engine.pull(withTag(image));
    await new Promise<void>((resolve, reject) => {
      engine.modem.followProgress(
        progress,
        (error) => (error ? reject(error) : resolve()),
        (event: unknown) => {
          const line = progressLine(event);
          if (line !== undefined) onProgress(line);
        },
      );
    });
  } catch (error) {
    throw imageError(image, error);
  }
}

/** Without a tag the daemon would pull every tag there is. */
function withTag(image: string): string {
  return /(?::[^/:]+|@[^/]+)$/.test(image) ? image : `${image}:latest`;
}

/** One line per step; the many lines of a layer's download would drown the log. */
function progressLine(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || !('status' in event)) return undefined;
  if ('progressDetail' in event && isProgress(event.progressDetail)) return undefined;
  return 'id' in event ? `${String(event.id)}: ${String(event.status)}` : String(event.status);
}

function isProgress(detail: unknown): boolean {
  return typeof detail === 'object' && detail !== null && Object.keys(detail).length > 0;
}

async function untilAborted(finished: Promise<void>, signal: AbortSignal, image: string): Promise<void> {
  const { promise, reject } = withReject();
  const onAbort = (): void => reject(new ImageError(`the pull of ${image} was called off`, { cause: signal.reason }));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([finished, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Nobody may be left to hear of it.
    finished.catch(() => {});
  }
}

function withReject(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}

function imageError(image: string, cause: unknown): ImageError {
  return new ImageError(
    `${engineErrorText(cause)}. Check the name and tag of ${image}, and that the daemon reaches its registry; ` +
      `what \`docker pull ${image}\` fetches, with a login where it needs one, is used as it is.`,
    { cause },
  );
}
