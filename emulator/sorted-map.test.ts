import { expect, test } from '@playwright/test';
import { assert, property, string } from 'fast-check';
import { compareUtf8, createSortedMap } from './sorted-map.ts';

test('texts compare as their UTF-8 bytes do', () => {
  assert(
    property(string({ unit: 'binary' }), string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
});

test('a walk begins at its key or at the next one, in both directions', () => {
  const map = createSortedMap<string, number>(compareUtf8);
  for (const [index, key] of ['b', 'd', 'a'].entries()) map.set(key, index);
  expect([...map.ascending('b')]).toEqual([
    ['b', 0],
    ['d', 1],
  ]);
  expect([...map.ascending('c')]).toEqual([['d', 1]]);
  expect([...map.descending('c')].map(([key]) => key)).toEqual(['b', 'a']);
  expect([...map.descending()].map(([key]) => key)).toEqual(['d', 'b', 'a']);
  expect(map.delete('b')).toBe(true);
  expect(map.delete('b')).toBe(false);
  expect(map.size).toBe(2);
});
