import { expect, test } from '@playwright/test';
import { seededRandom } from './seeded-random.ts';

const take = (seed: number, count: number): number[] => {
  const next = seededRandom(seed);
  return Array.from({ length: count }, next);
};

test('the same seed gives the same sequence, on every machine', () => {
  expect(take(42, 100)).toEqual(take(42, 100));
  // Written down, so that a change of the generator shows.
  expect(take(42, 3)).toEqual([0.6011037519201636, 0.44829055899754167, 0.8524657934904099]);
});

test('another seed gives another sequence', () => {
  expect(take(1, 10)).not.toEqual(take(2, 10));
});

test('the numbers lie between 0 and 1 and are spread evenly', () => {
  const numbers = take(7, 10_000);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((n) => Math.floor(n * 10) === tenth).length);
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(120);
});
