import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';

/** How a hold ended: its time was up, its fault is no more, or there is nobody to answer to any more. */
export type HoldResult = 'over' | 'removed' | 'gone';

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
export function holdForever(response: ServerResponse, removed: AbortSignal): Promise<HoldResult> {
  return hold(response, removed, () => () => {});
}

function hold(
  response: ServerResponse,
  removed: AbortSignal,
  start: (over: () => void) => () => void,
): Promise<HoldResult> {
  if (response.destroyed) return Promise.resolve('gone');
  if (removed.aborted) return Promise.resolve('removed');
  return new Promise((resolve) => {
    const end = (result: HoldResult): void => {
      cancel();
      response.off('close', leave);
      removed.removeEventListener('abort', release);
      resolve(result);
    };
    const leave = (): void => end('gone');
    const release = (): void => end('removed');
    const cancel = start(() => end('over'));
    response.once('close', leave);
    removed.addEventListener('abort', release, { once: true });
  });
}
