import type { QueryInput } from '@aws-sdk/client-dynamodb';
import { findIndex } from '../tables/lookup.ts';
import { invalid } from '../refusals.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { keyAttributes } from '../storage/key-attributes.ts';
import type { IndexSchema, ItemIndex, KeySchema } from '../storage/table-store.ts';

/** What a Query or Scan reads: a table or one of its indexes. */
export interface ReadTarget {
  readonly table: TableRecord;
  /** Undefined for the table itself. */
  readonly index: IndexSchema | undefined;
  readonly key: KeySchema;
  readonly items: ItemIndex;
  /** Names of the attributes of a start key: those of the table's key, then of the index's. */
  readonly startKeyNames: readonly string[];
}

/** @throws AwsError ValidationException when there is no such index, or it cannot be read consistently */
export function findTarget(
  table: TableRecord,
  { IndexName: name, ConsistentRead: consistent }: Pick<QueryInput, 'IndexName' | 'ConsistentRead'>,
): ReadTarget {
  if (name === undefined) {
    return { table, index: undefined, key: table.key, items: table.store.items, startKeyNames: namesOf(table.key) };
  }
  const index = findIndex(table, name);
  const items = table.store.index(name);
  if (!index || !items) throw invalid(`The table does not have the specified index: ${name}`);
  if (!index.local && consistent) {
    throw invalid('Consistent reads are not supported on global secondary indexes');
  }
  const startKeyNames = [...new Set([...namesOf(table.key), ...namesOf(index.key)])];
  return { table, index, key: index.key, items, startKeyNames };
}

/** The names of a key's attributes. */
export function namesOf(key: KeySchema): string[] {
  return keyAttributes(key).map(({ name }) => name);
}
