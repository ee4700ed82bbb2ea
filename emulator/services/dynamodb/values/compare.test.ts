import { expect, test } from '@playwright/test';
import { assert, property, string, uint8Array } from 'fast-check';
import type { AttributeValue } from './attribute-value.ts';
import { compareText, compareValues, equalValues } from './compare.ts';

test('text is ordered by its UTF-8 bytes', () => {
  const text = string({ unit: 'binary', maxLength: 6 });
  assert(
    property(text, text, (a, b) => {
      expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  expect(compareText('\u{1F600}', '\uFF5E')).toBeGreaterThan(0);
});

test('binary is ordered by unsigned bytes', () => {
  const bytes = uint8Array({ maxLength: 4 });
  assert(property(bytes, bytes, (a, b) => expect(compareValues({ B: a }, { B: b })).toBe(Buffer.compare(a, b))));
  expect(compareValues({ B: Uint8Array.of(0x80) }, { B: Uint8Array.of(0x7f) })).toBeGreaterThan(0);
});

test('values of different types, or of types without order, have none', () => {
  expect(compareValues({ S: '1' }, { N: '1' })).toBeUndefined();
  expect(compareValues({ BOOL: true }, { BOOL: true })).toBeUndefined();
  expect(compareValues({ SS: ['a'] }, { SS: ['a'] })).toBeUndefined();
});

test.describe('values are the same', () => {
  const same: readonly [AttributeValue, AttributeValue, boolean][] = [
    [{ S: '6' }, { N: '6' }, false],
    [{ SS: ['a', 'b'] }, { SS: ['b', 'a'] }, true],
    [{ SS: ['a', 'b'] }, { SS: ['a'] }, false],
    [{ NS: ['1', '2'] }, { NS: ['2', '1'] }, true],
    [{ BS: [Uint8Array.of(1), Uint8Array.of(2)] }, { BS: [Uint8Array.of(2), Uint8Array.of(1)] }, true],
    [{ B: Uint8Array.of(1) }, { B: Uint8Array.of(1) }, true],
    [{ L: [{ S: 'a' }, { S: 'b' }] }, { L: [{ S: 'b' }, { S: 'a' }] }, false],
    [{ M: { a: { N: '1' }, b: { L: [] } } }, { M: { b: { L: [] }, a: { N: '1' } } }, true],
    [{ M: { a: { N: '1' } } }, { M: { b: { N: '1' } } }, false],
    [{ NULL: true }, { NULL: true }, true],
    [{ BOOL: true }, { BOOL: false }, false],
  ];
  for (const [a, b, expected] of same) {
    test(`${JSON.stringify(a)} and ${JSON.stringify(b)}: ${expected}`, () => {
      expect(equalValues(a, b)).toBe(expected);
      expect(equalValues(b, a)).toBe(expected);
    });
  }
});
