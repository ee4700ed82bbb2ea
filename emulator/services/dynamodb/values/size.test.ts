import { expect, test } from '@playwright/test';
import type { Item } from './attribute-value.ts';
import { itemSize } from './size.ts';

test.describe('an item counts with its names and values', () => {
  const cases: readonly [string, Item, number][] = [
    ['text by its UTF-8 bytes', { ü: { S: '€' } }, 2 + 3],
    ['binary by its bytes', { b: { B: Uint8Array.of(1, 2, 3) } }, 1 + 3],
    ['a boolean and a null with one byte each', { a: { BOOL: true }, b: { NULL: true } }, 2 + 2],
    ['a set with its members', { s: { SS: ['ab', 'c'] }, n: { NS: ['1', '123'] } }, 1 + 3 + 1 + 5],
    ['a list with three bytes and one for each element', { l: { L: [{ S: 'ab' }, { BOOL: true }] } }, 1 + 3 + 3 + 2],
    ['a map with three bytes, one for each entry, and their names', { m: { M: { key: { S: 'v' } } } }, 1 + 3 + 1 + 4],
    ['an empty list with three bytes', { l: { L: [] } }, 4],
  ];
  for (const [what, item, bytes] of cases) test(what, () => expect(itemSize(item)).toBe(bytes));
});
