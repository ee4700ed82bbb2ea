import { expect, test } from '@playwright/test';
import { array, assert, constantFrom, integer, oneof, property, record, string, uniqueArray } from 'fast-check';
import type { SortCondition } from '../expressions/key-condition.ts';
import type { Item, KeyValue } from '../values/attribute-value.ts';
import { compareValues } from '../values/compare.ts';
import { itemSize } from '../values/size.ts';
import { createTableStore, type IndexSchema, type KeySchema } from './table-store.ts';

const key: KeySchema = { partition: { name: 'p', type: 'S' }, sort: { name: 's', type: 'N' } };

function item(p: string, s: number | string, more: Item = {}): Item {
  return { p: { S: p }, s: { N: String(s) }, ...more };
}

function sortsOf(items: Iterable<Item>): string[] {
  return [...items].map(({ s }) => (s && 'N' in s ? s.N : ''));
}

test('an item replaces the one with the same key and is found by it', () => {
  const store = createTableStore(key, []);
  expect(store.put(item('a', 1, { x: { S: 'old' } }))).toBeUndefined();
  expect(store.put(item('a', 1, { x: { S: 'new' } }))).toEqual(item('a', 1, { x: { S: 'old' } }));
  expect(store.get(item('a', '1'))).toEqual(item('a', 1, { x: { S: 'new' } }));
  expect(store.items.itemCount).toBe(1);
  expect(store.delete(item('a', 1))).toEqual(item('a', 1, { x: { S: 'new' } }));
  expect(store.delete(item('a', 1))).toBeUndefined();
  expect([store.items.itemCount, store.items.sizeBytes]).toEqual([0, 0]);
});

test('numbers of a sort key stand by their value, whatever their sign, length or exponent', () => {
  const ascending = [
    '-1000000',
    '-10.5',
    '-10',
    '-9',
    '-1',
    '-0.5',
    '-0.05',
    '0',
    '0.001',
    '0.5',
    '1',
    '9',
    '10',
    '10.25',
    '100',
  ];
  const store = createTableStore(key, []);
  for (const number of ascending.toReversed()) store.put(item('a', number));
  const all = store.items.query({ S: 'a' }, undefined, { forward: true });
  expect(sortsOf(all)).toEqual(ascending);
  const backwards = store.items.query({ S: 'a' }, undefined, { forward: false });
  expect(sortsOf(backwards)).toEqual(ascending.toReversed());
});

test('strings stand by the bytes of their UTF-8 form', () => {
  const texts: KeySchema = { partition: { name: 'p', type: 'S' }, sort: { name: 's', type: 'S' } };
  const store = createTableStore(texts, []);
  const ascending = ['A', 'a', 'z', 'é', '\ud7ff', '\ue000', '\uffff', '😀'];
  for (const text of ascending.toReversed()) store.put({ p: { S: 'a' }, s: { S: text } });
  const found = [...store.items.query({ S: 'a' }, undefined, { forward: true })];
  expect(found.map(({ s }) => s)).toEqual(ascending.map((S) => ({ S })));
  const prefixed = store.items.query({ S: 'a' }, { operator: 'begins_with', prefix: { S: '😀' } }, { forward: false });
  expect([...prefixed]).toHaveLength(1);
});

test('every condition on the sort key finds what a comparison of each item finds, both ways and from any start', () => {
  const number = integer({ min: -25, max: 25 });
  const condition = oneof(
    record({ operator: constantFrom('=', '<', '<=', '>', '>='), value: number }),
    record({ operator: constantFrom('between'), low: number, high: number }),
  );
  assert(
    property(uniqueArray(number), condition, integer({ min: 0, max: 30 }), (numbers, wanted, startAt) => {
      const store = createTableStore(key, []);
      for (const each of numbers) for (const p of ['a', 'b']) store.put(item(p, each));
      const sort = (
        'value' in wanted
          ? { operator: wanted.operator, value: { N: String(wanted.value) } }
          : { operator: wanted.operator, low: { N: String(wanted.low) }, high: { N: String(wanted.high) } }
      ) as SortCondition;
      const expected = numbers.toSorted((a, b) => a - b).filter((each) => holds(sort, { N: String(each) }));
      for (const forward of [true, false]) {
        const inOrder = (forward ? expected : expected.toReversed()).map(String);
        expect(sortsOf(store.items.query({ S: 'a' }, sort, { forward }))).toEqual(inOrder);
        const start = inOrder[startAt];
        if (start === undefined) continue;
        const rest = store.items.query({ S: 'a' }, sort, { forward, after: item('a', start) });
        expect(sortsOf(rest)).toEqual(inOrder.slice(startAt + 1));
      }
    }),
  );
});

test('a condition on a sort key of two attributes finds what comparisons of both find, in their order', () => {
  const twofold: IndexSchema = {
    name: 'twofold',
    key: {
      partition: { name: 'a', type: 'S' },
      sort: { name: 's', type: 'N' },
      further: { partition: [{ name: 'b', type: 'S' }], sort: [{ name: 't', type: 'S' }] },
    },
    projected: 'all',
  };
  const text = string({ unit: constantFrom('\0', '\u0001', 'a', 'b'), minLength: 1, maxLength: 3 });
  const entry = record({ s: integer({ min: -2, max: 2 }), t: text });
  const bound = oneof(
    record({ operator: constantFrom('=', '<', '<=', '>', '>='), value: record({ S: text }) }),
    record({ operator: constantFrom('between'), low: record({ S: text }), high: record({ S: text }) }),
    record({ operator: constantFrom('begins_with'), prefix: record({ S: text }) }),
  );
  const parts = [
    ['x', 'yz'],
    ['xy', 'z'],
  ] as const;
  assert(
    property(array(entry, { maxLength: 20 }), entry, bound, (entries, wanted, condition: SortCondition) => {
      const store = createTableStore(key, [twofold]);
      for (const [at, { s, t }] of entries.entries()) {
        for (const [a, b] of parts) store.put(item(`${a}${at}`, s, { a: { S: a }, b: { S: b }, t: { S: t } }));
      }
      const [[a, b]] = parts;
      const found = (equal: KeyValue[], sort: SortCondition) => [
        ...(store.index('twofold')?.query({ S: a }, sort, {
          forward: true,
          further: { partition: [{ S: b }], sort: equal },
        }) ?? []),
      ];
      const sortsAndTexts = (items: readonly Item[]) =>
        items.map(({ s, t }) => ({ s: Number(s && 'N' in s ? s.N : ''), t: t && 'S' in t ? t.S : '' }));
      const inOrder = entries.toSorted((one, other) => one.s - other.s || (one.t < other.t ? -1 : 1));
      const value = { N: String(wanted.s) };
      expect(sortsAndTexts(found([value], condition))).toEqual(
        inOrder.filter(({ s, t }) => s === wanted.s && holds(condition, { S: t })),
      );
      for (const operator of ['=', '<', '<=', '>', '>='] as const) {
        expect(sortsAndTexts(found([], { operator, value }))).toEqual(
          inOrder.filter(({ s }) => holds({ operator, value }, { N: String(s) })),
        );
      }
    }),
  );
});

test('the segments of a parallel scan share out all items, whatever their number', () => {
  assert(
    property(uniqueArray(string({ minLength: 1 }), { maxLength: 60 }), integer({ min: 1, max: 9 }), (names, total) => {
      const store = createTableStore(key, []);
      for (const name of names) store.put(item(name, 1));
      const everything = [...store.items.scan({})];
      const parts = Array.from({ length: total }, (_, segment) => [
        ...store.items.scan({ segment: { segment, total } }),
      ]);
      expect(parts.flat()).toEqual(everything);
      expect(everything).toHaveLength(names.length);
      for (const [segment, part] of parts.entries()) {
        for (const each of part) expect(store.items.inSegment(each, { segment, total })).toBe(true);
        for (const each of part.slice(0, 3)) {
          const rest = store.items.scan({ segment: { segment, total }, after: each });
          expect([...rest]).toEqual(part.slice(part.indexOf(each) + 1));
        }
      }
    }),
  );
});

const byColour: IndexSchema = {
  name: 'by-colour',
  key: { partition: { name: 'colour', type: 'S' }, sort: undefined },
  projected: new Set(['shown']),
};

test('an index holds the items that have its key, with what it projects', () => {
  const store = createTableStore(key, [byColour]);
  store.put(item('a', 1, { colour: { S: 'red' }, shown: { S: 'x' }, hidden: { S: 'y' } }));
  store.put(item('a', 2, { colour: { S: 'red' } }));
  store.put(item('a', 3, { shown: { S: 'x' } }));
  store.put(item('a', 4, { colour: { N: '1' } }));
  const index = store.index('by-colour');
  expect([...(index?.query({ S: 'red' }, undefined, { forward: true }) ?? [])]).toEqual([
    item('a', 1, { colour: { S: 'red' }, shown: { S: 'x' } }),
    item('a', 2, { colour: { S: 'red' } }),
  ]);
  expect(index?.itemCount).toBe(2);
});

test('an item moves in an index when its key there changes, and leaves it when it loses it', () => {
  const store = createTableStore(key, [byColour]);
  store.put(item('a', 1, { colour: { S: 'red' } }));
  store.put(item('a', 1, { colour: { S: 'blue' } }));
  const index = store.index('by-colour');
  const countOf = (colour: string) => [...(index?.query({ S: colour }, undefined, { forward: true }) ?? [])].length;
  expect([countOf('red'), countOf('blue')]).toEqual([0, 1]);
  store.put(item('a', 1));
  expect([countOf('red'), countOf('blue'), index?.sizeBytes]).toEqual([0, 0, 0]);
});

test('an index that is added later holds what was there before', () => {
  const store = createTableStore(key, []);
  for (let at = 0; at < 50; at += 1) store.put(item('a', at, at % 2 ? { colour: { S: 'red' } } : {}));
  store.addIndex(byColour);
  expect(store.index('by-colour')?.itemCount).toBe(25);
  store.delete(item('a', 1));
  expect(store.index('by-colour')?.itemCount).toBe(24);
  store.removeIndex('by-colour');
  expect(store.index('by-colour')).toBeUndefined();
});

test('an item collection counts the table and its local indexes, not the global ones', () => {
  const local: IndexSchema = {
    name: 'local',
    key: { partition: key.partition, sort: { name: 'l', type: 'S' } },
    projected: 'all',
    local: true,
  };
  const store = createTableStore(key, [local, byColour]);
  const indexed = item('a', 1, { l: { S: 'x' }, colour: { S: 'red' } });
  const plain = item('a', 2);
  store.put(indexed);
  store.put(plain);
  store.put(item('b', 1));
  expect(store.collectionSize({ S: 'a' })).toBe(2 * itemSize(indexed) + itemSize(plain));
  store.delete(indexed);
  expect(store.collectionSize({ S: 'a' })).toBe(itemSize(plain));
});

test('counts and sizes stay those of what is held, after any series of changes', () => {
  const step = record({
    s: integer({ min: 0, max: 4 }),
    colour: constantFrom('', 'red', 'blue'),
    remove: constantFrom(true, false),
  });
  assert(
    property(array(step, { maxLength: 40 }), (steps) => {
      const store = createTableStore(key, [byColour]);
      for (const { s, colour, remove } of steps) {
        if (remove) store.delete(item('a', s));
        else store.put(item('a', s, colour ? { colour: { S: colour } } : {}));
      }
      for (const index of [store.items, store.index('by-colour')]) {
        const held = [...(index?.scan({}) ?? [])];
        expect(index?.itemCount).toBe(held.length);
        expect(index?.sizeBytes).toBe(held.reduce((sum, each) => sum + itemSize(each), 0));
      }
      const coloured = [...store.items.scan({})].filter(({ colour }) => colour);
      expect(store.index('by-colour')?.itemCount).toBe(coloured.length);
    }),
  );
});

function holds(sort: SortCondition, value: KeyValue): boolean {
  const order = (other: KeyValue) => compareValues(value, other) ?? Number.NaN;
  switch (sort.operator) {
    case '=':
      return order(sort.value) === 0;
    case '<':
      return order(sort.value) < 0;
    case '<=':
      return order(sort.value) <= 0;
    case '>':
      return order(sort.value) > 0;
    case '>=':
      return order(sort.value) >= 0;
    case 'between':
      return order(sort.low) >= 0 && order(sort.high) <= 0;
    case 'begins_with':
      return 'S' in value && 'S' in sort.prefix && value.S.startsWith(sort.prefix.S);
    default:
      return sort satisfies never;
  }
}
