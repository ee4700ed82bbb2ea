import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';

/** How a hold ended: its time was up, or there is nobody to answer to any more. */
export type HoldResult = 'over' | 'cut';

/**
 * Holds an answer up. It ends early when the client leaves, the server closes or the fault is removed.
 *
 * @param removed its abort means that the fault is no more
 */
export function holdFor(
  milliseconds: number,
  response: ServerResponse,
  removed: AbortSignal,
  clock: Clock,
): Promise<HoldResult> {
  return hold(response, removed, (over) => {
    const timer = clock.after(milliseconds, over);
    return () => timer.cancel();
  });
}

/** Holds an answer up until the client leaves, the server closes or the fault is removed. */
export async function holdForever(response: ServerResponse, removed: AbortSignal): Promise<void> {
  await hold(response, removed, () => () => {});
}

function hold(
  response: ServerResponse,
  removed: AbortSignal,
  start: (over: () => void) => () => void,
): Promise<HoldResult> {
  if (response.destroyed || removed.aborted) return Promise.resolve('cut');
  return new Promise((resolve) => {
    const end = (result: HoldResult): void => {
      cancel();
      response.off('close', cut);
      removed.removeEventListener('abort', cut);
      resolve(result);
    };
    const cut = (): void => end('cut');
    const cancel = start(() => end('over'));
    response.once('close', cut);
    removed.addEventListener('abort', cut, { once: true });
  });
}
