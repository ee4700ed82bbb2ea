import { expect, test } from '@playwright/test';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StructureSchema } from './schema-types.ts';
import type { Constraint } from './constraints.ts';
import { jsonDecoders } from './json-input.ts';
import { jsonEncoders } from './json-output.ts';

/** A structure as the SDK exports them: strings are 0, numbers 1, booleans 2, timestamps 4, blobs 21. */
function structure(members: Readonly<Record<string, unknown>>): NormalizedSchema {
  const refs = Object.values(members) as StructureSchema[5];
  return NormalizedSchema.of([3, 'test', 'Example', 0, Object.keys(members), refs]);
}

function decode(
  schema: NormalizedSchema,
  json: string,
  constraints: Readonly<Record<string, Constraint>> = {},
  jsonNames = false,
): unknown {
  return jsonDecoders({ structures: { Example: constraints } }, jsonNames)(schema)(JSON.parse(json), '');
}

test('timestamps become Dates, to the millisecond, and blobs Buffers', () => {
  const schema = structure({ T: 4, U: 5, B: 21 });
  expect(decode(schema, '{"T":1795253400.25,"U":"2026-11-21T09:30:00Z","B":"/wA="}')).toEqual({
    T: new Date('2026-11-21T09:30:00.250Z'),
    U: new Date('2026-11-21T09:30:00Z'),
    B: Buffer.from([255, 0]),
  });
});

test('epoch seconds are no text, and end where dates do', () => {
  for (const json of ['{"T":"2026-11-21T09:30:00Z"}', '{"T":1e300}']) {
    expect(() => decode(structure({ T: 4 }), json), json).toThrow(
      expect.objectContaining({ path: 't', expected: 'Timestamp' }),
    );
  }
});

test('integers lose their fraction, fractional numbers keep it', () => {
  const schema = structure({ I: 1, D: 1, N: 1 });
  const constraints = { D: { fractional: true }, N: { fractional: true } };
  expect(decode(schema, '{"I":-2.9,"D":-2.9,"N":"NaN"}', constraints)).toEqual({ I: -2, D: -2.9, N: Number.NaN });
});

test('null is absent, but stays in a sparse collection', () => {
  const sparse = [1, 'test', 'Sparse', { sparse: 1 }, 0];
  const schema = structure({ S: 0, L: 64, M: 128, P: sparse });
  expect(decode(schema, '{"S":null,"L":["a",null],"M":{"a":null,"b":"c"},"P":["a",null]}')).toEqual({
    L: ['a'],
    M: { b: 'c' },
    P: ['a', null],
  });
});

test('a key named __proto__ is an entry of a map like any other', () => {
  const decoded = decode(structure({ M: 128 }), '{"M":{"__proto__":"x"},"__proto__":{"polluted":true}}') as {
    M: Record<string, string>;
  };
  expect(Object.entries(decoded.M)).toEqual([['__proto__', 'x']]);
  expect(Object.getPrototypeOf(decoded.M)).toBe(Object.prototype);
  expect('polluted' in decoded).toBe(false);
});

test('jsonName counts for restJson1 only', () => {
  const schema = structure({ Name: [0, { jsonName: 'nom' }] });
  expect(decode(schema, '{"nom":"a","Name":"b"}', {}, true)).toEqual({ Name: 'a' });
  expect(decode(schema, '{"nom":"a","Name":"b"}', {}, false)).toEqual({ Name: 'b' });
  expect(jsonEncoders(true)(schema)({ Name: 'a' })).toEqual({ nom: 'a' });
  expect(jsonEncoders(false)(schema)({ Name: 'a' })).toEqual({ Name: 'a' });
});

test('a value of the wrong type is named by its place', () => {
  const inner = structure({ Key: 0 });
  const schema = structure({
    Tags: [1, 'test', 'Tags', 0, () => inner.getSchema()],
    M: [2, 'test', 'M', 0, 0, 64 | 1],
  });
  expect(() => decode(schema, '{"Tags":[{"Key":"a"},{"Key":1}]}')).toThrow(
    expect.objectContaining({ path: 'tags.2.member.key', expected: 'String', value: 1 }),
  );
  expect(() => decode(schema, '{"M":{"a b":[1,"2"]}}')).toThrow(
    expect.objectContaining({ path: 'm.a b.member.2.member', expected: 'Integer' }),
  );
});

test('what was decoded is encoded again as it was', () => {
  const schema = structure({ S: 0, N: 1, F: 2, T: 4, I: 5, B: 21, L: 64, M: 128 | 1, Any: 15 });
  const json =
    '{"S":"a\\u2028","N":9007199254740991,"F":false,"T":1.5,"I":"2026-11-21T09:30:00.000Z","B":"AAE=","L":[],"M":{"a":1},"Any":{"b":[null]}}';
  expect(JSON.parse(JSON.stringify(jsonEncoders(false)(schema)(decode(schema, json))))).toEqual(JSON.parse(json));
});

test('an encoder leaves out what is undefined, null or unknown, and writes NaN as text', () => {
  const schema = structure({ A: 0, B: 0, N: 1, M: 128 });
  expect(
    jsonEncoders(false)(schema)({ A: undefined, B: null, C: 'c', N: Number.NaN, M: { x: undefined, y: 'z' } }),
  ).toEqual({
    N: 'NaN',
    M: { y: 'z' },
  });
});
