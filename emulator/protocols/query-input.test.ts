import { expect, test } from '@playwright/test';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StructureSchema } from './schema-types.ts';
import { queryDecoders, queryTree } from './query-input.ts';

function structure(members: Readonly<Record<string, unknown>>): NormalizedSchema {
  const refs = Object.values(members) as StructureSchema[5];
  return NormalizedSchema.of([3, 'test', 'Example', 0, Object.keys(members), refs]);
}

const inner = structure({ A: 0, B: 1 });

const schema = structure({
  Text: 0,
  Flag: 2,
  Moment: 4,
  List: 64,
  Named: [[1, 'test', 'Named', 0, [0, { xmlName: 'item' }]], 0],
  Flat: [64, { xmlFlattened: 1, xmlName: 'F' }],
  Structures: [1, 'test', 'Structures', 0, () => inner.getSchema()],
  Map: 128,
  FlatMap: [128 | 1, { xmlFlattened: 1 }],
});

const decode = (form: string): unknown => queryDecoders({ structures: {} })(schema)(queryTree(form), '');

test('every form of the protocol is read', () => {
  expect(
    decode(
      [
        'Text=a+b%26c',
        'Flag=true',
        'Moment=2026-11-21T09%3A30%3A00Z',
        'List.member.1=x&List.member.2=',
        'Named.item.1=y',
        'F.2=second&F.1=first',
        'Structures.member.1.A=a&Structures.member.1.B=7&Structures.member.3.A=c',
        'Map.entry.1.key=k&Map.entry.1.value=v&Map.entry.2.key=no-value',
        'FlatMap.1.key=one&FlatMap.1.value=1',
      ].join('&'),
    ),
  ).toEqual({
    Text: 'a b&c',
    Flag: true,
    Moment: new Date('2026-11-21T09:30:00Z'),
    List: ['x', ''],
    Named: ['y'],
    Flat: ['first', 'second'],
    Structures: [{ A: 'a', B: 7 }, { A: 'c' }],
    Map: { k: 'v' },
    FlatMap: { one: 1 },
  });
});

test('an empty list is one parameter without a value', () => {
  expect(decode('List=')).toEqual({ List: [] });
});

test('unknown parameters, and names without end, are passed over', () => {
  expect(decode(`Action=Do&Version=1&Other.member.1=x&Text${'.a'.repeat(10_000)}=x&Text=t`)).toEqual({ Text: 't' });
});

test('text of the wrong kind is named by its place', () => {
  expect(() => decode('Structures.member.1.B=many')).toThrow(
    expect.objectContaining({ path: 'structures.1.member.b', expected: 'Integer', value: 'many' }),
  );
  expect(() => decode('Flag=perhaps')).toThrow(expect.objectContaining({ path: 'flag', expected: 'Boolean' }));
  expect(() => decode('Text.member.1=x')).toThrow(expect.objectContaining({ path: 'text', expected: 'String' }));
});
