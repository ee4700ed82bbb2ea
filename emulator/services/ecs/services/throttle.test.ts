import { expect, test } from '@playwright/test';
import { countFailure, countSuccess, failureThreshold, isBroken } from './circuit-breaker.ts';
import { placementRetryDelay, retryDelay } from './throttle.ts';

test('the threshold is half of the desired count, at least 3 and at most 200', () => {
  expect([0, 1, 6, 7, 25, 400, 1000].map(failureThreshold)).toEqual([3, 3, 3, 4, 13, 200, 200]);
});

test('a deployment breaks at the threshold, unless one of its tasks succeeded', () => {
  const count = { failures: 0, succeeded: false };
  countFailure(count);
  countFailure(count);
  expect(isBroken(count, 1)).toBe(false);
  countFailure(count);
  expect(isBroken(count, 1)).toBe(true);
  countSuccess(count);
  for (let failed = 0; failed < 9; failed += 1) countFailure(count);
  expect(count.failures).toBe(0);
  expect(isBroken(count, 1)).toBe(false);
});

test('starts that fail are tried again at once at first, then ever more seldom, at last every 27 minutes', () => {
  expect([1, 2, 3, 4, 5].map((failures) => retryDelay(failures, false))).toEqual([0, 0, 100, 200, 400]);
  expect(retryDelay(100, false)).toBe(27 * 60_000);
});

test('tasks that did start and exit soon are tried again every five seconds at least', () => {
  expect(retryDelay(100, true)).toBe(5000);
});

test('a place is asked for again after five seconds, then ever more seldom', () => {
  expect([1, 2, 3].map(placementRetryDelay)).toEqual([5000, 10_000, 20_000]);
  expect(placementRetryDelay(50)).toBe(27 * 60_000);
});
