import type { Capacity, ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { keyAttributes } from './storage/key-attributes.ts';
import { type IndexSchema, appearsIn, projectInto } from './storage/table-store.ts';
import { indexesOf } from './tables/lookup.ts';
import type { TableRecord } from './tables/table-record.ts';
import { attributeOf, type Item } from './values/attribute-value.ts';
import { equalValues } from './values/compare.ts';
import { itemSize } from './values/size.ts';

/** Capacity units that an operation has consumed, in the table and in each index that it touched. */
export interface Consumption {
  readonly table: number;
  /** By name; indexes that cost nothing are not there. */
  readonly indexes: ReadonlyMap<string, number>;
}

/**
 * Units of a read: one for each 4 KB begun if it is consistent, half of one otherwise. Sizes of items read
 * together, by Query and Scan, are added up before they are rounded; a read of nothing costs as the smallest.
 *
 * Source: developer guide, "DynamoDB read and write operations".
 *
 * @param bytes that are read, before any filter or projection
 */
export function readUnits(bytes: number, consistent: boolean): number {
  const blocks = Math.max(1, Math.ceil(bytes / 4096));
  return consistent ? blocks : blocks / 2;
}

/** Units of a write of so many bytes: one for each KB begun. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}

/**
 * What a write consumes: in the table by the larger of the item before and after it; in an index nothing
 * where what it holds of the item stays the same, and twice where the item moves within it. A transaction's
 * writes cost twice of all that.
 *
 * Source: developer guide, "Provisioned throughput considerations for global secondary indexes".
 */
export function writeConsumption(table: TableRecord, before: Item | undefined, after: Item | undefined): Consumption {
  const schemas = indexesOf(table);
  const own = writeUnits(Math.max(sizeOf(before), sizeOf(after)));
  if (schemas.length === 0) return { table: own, indexes: noIndexes };
  const indexes = new Map<string, number>();
  for (const schema of schemas) {
    const units = indexWriteUnits(table, schema, before, after);
    if (units > 0) indexes.set(schema.name, units);
  }
  return { table: own, indexes };
}

/** Consumption of the table alone. */
export function tableConsumption(units: number): Consumption {
  return { table: units, indexes: noIndexes };
}

export function addConsumption(a: Consumption, b: Consumption): Consumption {
  if (a.indexes.size === 0 && b.indexes.size === 0) return { table: a.table + b.table, indexes: noIndexes };
  const indexes = new Map(a.indexes);
  for (const [name, units] of b.indexes) indexes.set(name, (indexes.get(name) ?? 0) + units);
  return { table: a.table + b.table, indexes };
}

/** For what a transaction consumes. */
export function doubled({ table, indexes }: Consumption): Consumption {
  return { table: table * 2, indexes: new Map([...indexes].map(([name, units]) => [name, units * 2])) };
}

/**
 * The ConsumedCapacity of an answer; undefined unless asked for.
 *
 * @param kind which units they are: transactions tell them apart, as nothing else does
 */
export function describeConsumption(
  wanted: ReturnConsumedCapacity | undefined,
  table: TableRecord,
  { table: own, indexes }: Consumption,
  kind?: 'read' | 'write',
): ConsumedCapacity | undefined {
  if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return undefined;
  let total = own;
  for (const units of indexes.values()) total += units;
  const described: ConsumedCapacity = { TableName: table.name, ...capacity(total, kind) };
  if (wanted === 'TOTAL') return described;
  described.Table = capacity(own, kind);
  for (const [name, units] of indexes) {
    const group = table.globalIndexes.has(name) ? 'GlobalSecondaryIndexes' : 'LocalSecondaryIndexes';
    described[group] = { ...described[group], [name]: capacity(units, kind) };
  }
  return described;
}

const noIndexes: ReadonlyMap<string, number> = new Map();

function capacity(units: number, kind: 'read' | 'write' | undefined): Capacity {
  if (kind === 'read') return { CapacityUnits: units, ReadCapacityUnits: units };
  if (kind === 'write') return { CapacityUnits: units, WriteCapacityUnits: units };
  return { CapacityUnits: units };
}

function indexWriteUnits(
  table: TableRecord,
  schema: IndexSchema,
  before: Item | undefined,
  after: Item | undefined,
): number {
  const from = before && appearsIn(schema, before) ? projectInto(schema, table.key, before) : undefined;
  const to = after && appearsIn(schema, after) ? projectInto(schema, table.key, after) : undefined;
  if (!from) return to ? writeUnits(itemSize(to)) : 0;
  if (!to) return writeUnits(itemSize(from));
  if (!keyAttributes(schema.key).every(({ name }) => sameAttribute(from, to, name))) {
    return writeUnits(itemSize(from)) + writeUnits(itemSize(to));
  }
  return sameItem(from, to) ? 0 : writeUnits(Math.max(itemSize(from), itemSize(to)));
}

function sameItem(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameAttribute(a, b, name));
}

function sameAttribute(a: Item, b: Item, name: string): boolean {
  const left = attributeOf(a, name);
  const right = attributeOf(b, name);
  return left !== undefined && right !== undefined && equalValues(left, right);
}

function sizeOf(item: Item | undefined): number {
  return item ? itemSize(item) : 0;
}
