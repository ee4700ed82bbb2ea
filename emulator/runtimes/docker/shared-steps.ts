import type Docker from 'dockerode';
import { ImageError } from '../runtime.ts';

export interface StepOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (line: string) => void;
}

/** What a step gets that is run for all who wait for it. */
export interface SharedStep {
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Tells all of them. */
  readonly onProgress: (line: string) => void;
}

type Step = (options: SharedStep) => Promise<void>;

interface RunningStep {
  readonly finished: Promise<void>;
  readonly controller: AbortController;
  /** One for each caller that waits. */
  readonly listeners: Set<(line: string) => void>;
}

/**
 * Runs steps that take long, such as a pull: callers that want the same at the same time share one step, and
 * each gets the progress of it from then on. A caller whose signal is aborted leaves; the step goes on
 * for the others, and is aborted with the last.
 *
 * @returns throws what the step throws, and ImageError with the signal's reason as its cause for a caller
 *   that leaves; `what` names the step there
 */
export function sharedSteps(): (key: string, what: string, options: StepOptions, step: Step) => Promise<void> {
  const running = new Map<string, RunningStep>();

  const begin = (key: string, step: Step): RunningStep => {
    const controller = new AbortController();
    const listeners = new Set<(line: string) => void>();
    const onProgress = (line: string): void => {
      for (const listener of listeners) listener(line);
    };
    const finished = step({ signal: controller.signal, onProgress });
    const begun = { finished, controller, listeners };
    running.set(key, begun);
    const forget = (): void => {
      if (running.get(key) === begun) running.delete(key);
    };
    finished.then(forget, forget);
    return begun;
  };

  return async (key, what, { signal, onProgress }, step) => {
    const calledOff = (): ImageError => new ImageError(`${what} was called off`, { cause: signal.reason });
    if (signal.aborted) throw calledOff();
    const shared = running.get(key) ?? begin(key, step);
    const listener = (line: string): void => onProgress?.(line);
    shared.listeners.add(listener);
    let onAbort = (): void => {};
    const aborted = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(calledOff());
      signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      await Promise.race([shared.finished, aborted]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      shared.listeners.delete(listener);
      if (shared.listeners.size === 0) {
        // A step that has ended does not mind. Who comes now must not join one that is on its way out.
        if (running.get(key) === shared) running.delete(key);
        shared.controller.abort();
      }
    }
  };
}

/**
 * Reads what the daemon tells about a pull or a build, to its end.
 *
 * @throws Error with the daemon's words when one of the events is an error, or when the connection breaks
 */
export async function followProgress(
  engine: Docker,
  stream: NodeJS.ReadableStream,
  onEvent: (event: object) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    engine.modem.followProgress(
      stream,
      (error) => (error ? reject(error) : resolve()),
      (event: unknown) => {
        if (typeof event !== 'object' || event === null) return;
        if ('error' in event) reject(new Error(String(event.error)));
        else onEvent(event);
      },
    );
  });
}
