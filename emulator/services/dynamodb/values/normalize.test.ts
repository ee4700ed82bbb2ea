import { expect, test } from '@playwright/test';
import { nestingOf, normalizeItem, normalizeValue } from './normalize.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

test('values of every type come out in canonical form', () => {
  const item = normalizeItem({
    s: { S: '' },
    n: { N: '01.50' },
    b: { B: bytes() },
    yes: { BOOL: false },
    nothing: { NULL: true },
    ss: { SS: ['b', '', 'a'] },
    ns: { NS: ['20', '3', '-1.5', '1.0'] },
    bs: { BS: [bytes(1), bytes()] },
    l: { L: [{ N: '1e1' }, { L: [] }] },
    m: { M: { n: { N: '-0' } } },
  });
  expect(item).toEqual({
    s: { S: '' },
    n: { N: '1.5' },
    b: { B: bytes() },
    yes: { BOOL: false },
    nothing: { NULL: true },
    ss: { SS: ['', 'a', 'b'] },
    ns: { NS: ['-1.5', '1', '3', '20'] },
    bs: { BS: [bytes(), bytes(1)] },
    l: { L: [{ N: '10' }, { L: [] }] },
    m: { M: { n: { N: '0' } } },
  });
});

test('an attribute may be called __proto__', () => {
  const wire: unknown = JSON.parse('{"__proto__":{"S":"x"}}');
  expect(JSON.stringify(normalizeItem(wire as Record<string, unknown>))).toBe('{"__proto__":{"S":"x"}}');
});

test.describe('values that are not right are refused in the words of AWS', () => {
  const parameter = 'One or more parameter values were invalid: ';
  const empty = 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes';
  const several =
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes';
  const cases: readonly [string, unknown, string][] = [
    ['no type', {}, empty],
    ['no type in a list', { L: [{}] }, empty],
    ['no type in a map', { M: { a: {} } }, empty],
    ['an unknown type', { X: 'a' }, empty],
    ['two types', { S: 'a', N: '1' }, several],
    ['two types, one of them wrong', { S: 'a', N: 'b' }, 'The parameter cannot be converted to a numeric value: b'],
    ['a NULL that is false', { NULL: false }, `${parameter}Null attribute value types must have the value of true`],
    ['an empty string set', { SS: [] }, `${parameter}An string set  may not be empty`],
    ['an empty number set', { NS: [] }, `${parameter}An number set  may not be empty`],
    ['an empty binary set', { BS: [] }, `${parameter}Binary sets should not be empty`],
    ['the same text twice', { SS: ['a', 'a'] }, `${parameter}Input collection [a, a] contains duplicates.`],
    ['the same number twice', { NS: ['1', '1.0'] }, 'Input collection contains duplicates'],
    ['no number in a set', { NS: ['1', 'b', 'a'] }, 'The parameter cannot be converted to a numeric value: b'],
    [
      'the same bytes twice',
      { BS: [bytes(98), bytes(98)] },
      `${parameter}Input collection [Yg==, Yg==]of type BS contains duplicates.`,
    ],
    ['a map entry without a name', { M: { '': { S: 'x' } } }, 'Empty attribute name'],
  ];
  for (const [what, value, message] of cases) {
    test(what, () => {
      expect(() => normalizeValue(value)).toThrow(expect.objectContaining({ code: 'ValidationException', message }));
    });
  }
});

test('values nest to the thirty-second level, the attribute being the first', () => {
  expect(() => normalizeValue(nested(31))).not.toThrow();
  expect(() => normalizeValue(nested(32))).toThrow(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  );
});

test('an item that nests too deep is refused as such before the names within its maps, but after its own', () => {
  const nameless = { M: { '': { S: 'x' } } };
  const tooDeep = /^Nesting Levels have exceeded supported limits/;
  expect(() => normalizeItem({ m: nameless, deep: nested(40) })).toThrow(tooDeep);
  expect(() => normalizeItem({ m: nameless, deep: nested(31) })).toThrow('Empty attribute name');
  expect(() => normalizeItem({ deep: nested(40), '': { S: 'x' } })).toThrow('Empty attribute name');
});

test('the nesting of values is counted from their attributes', () => {
  expect(nestingOf(undefined)).toBe(0);
  expect(nestingOf({ a: { S: 'x' }, b: null })).toBe(0);
  expect(nestingOf({ a: nested(3), b: { L: [{ L: [nested(3)] }] } })).toBe(5);
});

/** A leaf in so many maps. */
function nested(wraps: number): unknown {
  return wraps === 0 ? { S: 'leaf' } : { M: { n: nested(wraps - 1) } };
}
