import { expect, test } from '@playwright/test';
import { summarize } from './statistics.ts';

test('the median of an odd number of figures is the middle one', () => {
  expect(summarize([9, 1, 5])).toEqual({ median: 5, least: 1, most: 9, runs: 3 });
});

test('the median of an even number of figures lies between the two in the middle', () => {
  expect(summarize([10, 2, 4, 1])).toEqual({ median: 3, least: 1, most: 10, runs: 4 });
});

test('no figures have no median', () => {
  expect(() => summarize([])).toThrow('no figures to sum up');
});
