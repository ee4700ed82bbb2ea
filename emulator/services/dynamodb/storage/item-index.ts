import type { FurtherConditions, SortCondition } from '../expressions/key-condition.ts';
import { createSortedMap } from '../../../sorted-map.ts';
import { attributeOf, type AttributeValue, type Item, type KeyValue } from '../values/attribute-value.ts';
import { itemSize } from '../values/size.ts';
import { afterPrefix, joinedPrefix, joinSortable, sortableText } from './order-preserving.ts';
import type { ItemIndex, KeyAttribute, KeySchema } from './table-store.ts';

/** Where an item stands in an index, or an edge between items. */
export interface Position {
  /** 32 bits. */
  readonly hash: number;
  /** Undefined, as the next two may be: an edge before or behind all that have what is defined. */
  readonly partition: string | undefined;
  readonly sort: string | undefined;
  /** The table's own key, in secondary indexes, where many items may have the same key; else empty. */
  readonly tail: string | undefined;
  /** 0 for an item, -1 for an edge before, 1 for one behind. */
  readonly edge: -1 | 0 | 1;
}

/** An index that the table's store changes. */
export interface WritableIndex extends ItemIndex {
  at(position: Position): Item | undefined;
  /** Returns what stood there before. */
  set(position: Position, item: Item): Item | undefined;
  remove(position: Position): Item | undefined;
}

/**
 * Makes an empty index.
 *
 * @param positionOf where an item stands, of which all keys are there
 */
export function createItemIndex(key: KeySchema, positionOf: (item: Item) => Position): WritableIndex {
  const entries = createSortedMap<Position, { readonly item: Item; readonly size: number }>(comparePositions);
  let sizeBytes = 0;

  function* walk(low: Position, high: Position, forward: boolean): IterableIterator<Item> {
    const steps = forward ? entries.ascending(low) : entries.descending(high);
    for (const [position, { item }] of steps) {
      if (forward ? comparePositions(position, high) > 0 : comparePositions(position, low) < 0) return;
      yield item;
    }
  }

  return {
    get itemCount() {
      return entries.size;
    },
    get sizeBytes() {
      return sizeBytes;
    },
    at: (position) => entries.get(position)?.item,
    set(position, item) {
      const before = entries.get(position);
      const size = itemSize(item);
      sizeBytes += size - (before?.size ?? 0);
      entries.set(position, { item, size });
      return before?.item;
    },
    remove(position) {
      const before = entries.get(position);
      if (!before) return undefined;
      entries.delete(position);
      sizeBytes -= before.size;
      return before.item;
    },
    query(partition, sort, { forward, after, further }) {
      const range = queriedRange(key, textOf([partition, ...(further?.partition ?? [])]), sort, further?.sort);
      return walk(...beyond(range, after && positionOf(after), forward), forward);
    },
    scan({ segment, after }) {
      const range = segment ? segmentRange(segment) : everything;
      return walk(...beyond(range, after && positionOf(after), true), true);
    },
    inSegment(item, segment) {
      const partition = textIn(item, key.partition, key.further?.partition);
      if (partition === undefined) return false;
      const { hash } = edgeOf(partition, -1);
      const [low, high] = segmentRange(segment);
      return hash >= low.hash && hash <= high.hash;
    },
  };
}

/** Whether a value may stand in an index under a key attribute: of its type, not empty. */
export function isKeyValue(value: AttributeValue | undefined, { type }: KeyAttribute): value is KeyValue {
  if (value === undefined) return false;
  if (type === 'S') return 'S' in value && value.S !== '';
  if (type === 'N') return 'N' in value;
  return 'B' in value && value.B.byteLength > 0;
}

/** Whether the sort key of an item, or of a start key, lies in what a Query asks for. */
export function matchesSort(
  key: KeySchema,
  { sort: condition, further }: { readonly sort: SortCondition; readonly further?: FurtherConditions | undefined },
  item: Item,
): boolean {
  const [low, high] = queriedRange(key, '', condition, further?.sort);
  const position: Position = {
    hash: low.hash,
    partition: '',
    sort: key.sort && textIn(item, key.sort, key.further?.sort),
    tail: '',
    edge: 0,
  };
  return comparePositions(low, position) < 0 && comparePositions(position, high) < 0;
}

/** Where an item stands by its key; undefined when it lacks a part of the key, or has it of another type. */
export function keyPosition(key: KeySchema, item: Item, tail: string): Position | undefined {
  const partition = textIn(item, key.partition, key.further?.partition);
  if (partition === undefined) return undefined;
  const sort = key.sort ? textIn(item, key.sort, key.further?.sort) : '';
  if (sort === undefined) return undefined;
  return { hash: hashOf(partition), partition, sort, tail, edge: 0 };
}

/** A position as one text, for the tail of positions in secondary indexes. */
export function tailOf({ partition, sort }: Position): string {
  return joinSortable([partition ?? '', sort ?? '']);
}

type Range = readonly [low: Position, high: Position];

const everything: Range = [
  { hash: 0, partition: undefined, sort: undefined, tail: undefined, edge: -1 },
  { hash: 0xffffffff, partition: undefined, sort: undefined, tail: undefined, edge: 1 },
];

function segmentRange({ segment, total }: { readonly segment: number; readonly total: number }): Range {
  const start = Math.ceil((segment * 0x1_0000_0000) / total);
  const end = Math.ceil(((segment + 1) * 0x1_0000_0000) / total) - 1;
  const [low, high] = everything;
  return [
    { ...low, hash: start },
    { ...high, hash: end },
  ];
}

function queriedRange(
  key: KeySchema,
  partition: string,
  sort: SortCondition | undefined,
  equal: readonly KeyValue[] = [],
): Range {
  const edge = (text: string | undefined, side: -1 | 1) => edgeOf(partition, side, text);
  if (!sort) return [edge(undefined, -1), edge(undefined, 1)];
  if (key.further && key.further.sort.length > 0) {
    const [low, end] = joinedRange(equal.map(sortableText), sort);
    return [edge(low, -1), end === undefined ? edge(undefined, 1) : edge(end, -1)];
  }
  switch (sort.operator) {
    case 'between':
      return [edge(sortableText(sort.low), -1), edge(sortableText(sort.high), 1)];
    case 'begins_with': {
      const prefix = sortableText(sort.prefix);
      const end = afterPrefix(prefix);
      return [edge(prefix, -1), end === undefined ? edge(undefined, 1) : edge(end, -1)];
    }
    case '=':
      return [edge(sortableText(sort.value), -1), edge(sortableText(sort.value), 1)];
    case '<':
      return [edge(undefined, -1), edge(sortableText(sort.value), -1)];
    case '<=':
      return [edge(undefined, -1), edge(sortableText(sort.value), 1)];
    case '>':
      return [edge(sortableText(sort.value), 1), edge(undefined, 1)];
    case '>=':
      return [edge(sortableText(sort.value), -1), edge(undefined, 1)];
    default:
      return sort satisfies never;
  }
}

/**
 * The texts of a sort key of several attributes, from the first that a condition meets up to, not with, the
 * first behind them, if there is one.
 *
 * @param equal what the attributes before the one with the condition have to be
 */
function joinedRange(equal: readonly string[], sort: SortCondition): readonly [low: string, end: string | undefined] {
  const all = joinSortable(equal);
  const from = (value: KeyValue) => joinSortable([...equal, sortableText(value)]);
  switch (sort.operator) {
    case 'between':
      return [from(sort.low), afterPrefix(from(sort.high))];
    case 'begins_with': {
      const prefix = joinedPrefix(equal, sortableText(sort.prefix));
      return [prefix, afterPrefix(prefix)];
    }
    case '=':
      return [from(sort.value), afterPrefix(from(sort.value))];
    case '<':
      return [all, from(sort.value)];
    case '<=':
      return [all, afterPrefix(from(sort.value))];
    case '>':
      return [afterPrefix(from(sort.value)) ?? all, afterPrefix(all)];
    case '>=':
      return [from(sort.value), afterPrefix(all)];
    default:
      return sort satisfies never;
  }
}

/** The text that the attributes of one part of a key sort by; undefined when one is missing or not of its type. */
function textIn(item: Item, first: KeyAttribute, further?: readonly KeyAttribute[]): string | undefined {
  const firstValue = attributeOf(item, first.name);
  if (!isKeyValue(firstValue, first)) return undefined;
  if (!further || further.length === 0) return sortableText(firstValue);
  const values = [firstValue];
  for (const attribute of further) {
    const value = attributeOf(item, attribute.name);
    if (!isKeyValue(value, attribute)) return undefined;
    values.push(value);
  }
  return textOf(values);
}

function textOf(values: readonly KeyValue[]): string {
  const [first] = values;
  return values.length === 1 && first ? sortableText(first) : joinSortable(values.map(sortableText));
}

/** The rest of a range, behind where a page ended. */
function beyond([low, high]: Range, after: Position | undefined, forward: boolean): Range {
  if (!after) return [low, high];
  const start: Position = { ...after, edge: forward ? 1 : -1 };
  if (forward) return [comparePositions(start, low) > 0 ? start : low, high];
  return [low, comparePositions(start, high) < 0 ? start : high];
}

function edgeOf(partition: string, edge: -1 | 1, sort?: string): Position {
  return { hash: hashOf(partition), partition, sort, tail: undefined, edge };
}

function comparePositions(a: Position, b: Position): number {
  if (a.hash !== b.hash) return a.hash - b.hash;
  if (a.partition === undefined || b.partition === undefined) return a.edge - b.edge;
  if (a.partition !== b.partition) return a.partition < b.partition ? -1 : 1;
  if (a.sort === undefined || b.sort === undefined) return a.edge - b.edge;
  if (a.sort !== b.sort) return a.sort < b.sort ? -1 : 1;
  if (a.tail === undefined || b.tail === undefined) return a.edge - b.edge;
  if (a.tail !== b.tail) return a.tail < b.tail ? -1 : 1;
  return a.edge - b.edge;
}

/** FNV-1a with the finish of MurmurHash3, which spreads also keys that differ in their last character only. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
