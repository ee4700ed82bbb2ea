/** Milliseconds between attempts at most: "up to a maximum of 27 minutes" (developer guide, "service throttle logic"). */
const LONGEST_DELAY = 27 * 60_000;

/** The same for tasks that did start, and exited soon after; AWS throttles those by nothing but the time that a start takes. */
const LONGEST_DELAY_AFTER_START = 5_000;

const FIRST_DELAY = 100;

/** After so many attempts in a row the service "is unable to consistently start tasks successfully". */
export const PATIENCE = 3;

/**
 * How long the scheduler waits before it starts the next task of a deployment whose tasks fail.
 *
 * @param failures how many starts failed in a row, counted in rounds: tasks started together are one
 * @param reachedRunning whether the last ones did reach RUNNING
 * @returns milliseconds; 0 means at once
 */
export function retryDelay(failures: number, reachedRunning: boolean): number {
  if (failures < PATIENCE) return 0;
  const longest = reachedRunning ? LONGEST_DELAY_AFTER_START : LONGEST_DELAY;
  return Math.min(longest, FIRST_DELAY * 2 ** (failures - PATIENCE));
}

/**
 * How long the scheduler waits before it asks again for a place that no container instance had; when an
 * instance changes or a task ends it asks at once.
 *
 * @param failures how many times in a row there was none
 * @returns milliseconds
 */
export function placementRetryDelay(failures: number): number {
  return Math.min(LONGEST_DELAY, FIRST_PLACEMENT_DELAY * 2 ** (failures - 1));
}

const FIRST_PLACEMENT_DELAY = 5_000;
