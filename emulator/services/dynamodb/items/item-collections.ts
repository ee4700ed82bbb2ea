import type { ItemCollectionMetrics } from '@aws-sdk/client-dynamodb';
import { isKeyValue } from '../storage/item-index.ts';
import type { Item } from '../values/attribute-value.ts';
import type { Write } from './write.ts';

/** ItemCollectionMetrics as an answer has them. */
export type CollectionMetrics = Omit<ItemCollectionMetrics, 'ItemCollectionKey'> & { ItemCollectionKey: Item };

/**
 * The metrics of the item collection that a write belongs to; undefined unless asked for, and for tables
 * without local indexes, which have no item collections.
 */
export function describeCollection(
  wanted: 'SIZE' | 'NONE' | undefined,
  { table, key }: Write,
): CollectionMetrics | undefined {
  if (wanted !== 'SIZE' || table.localIndexes.length === 0) return undefined;
  const { partition } = table.key;
  const value = key[partition.name];
  if (!isKeyValue(value, partition)) return undefined;
  const low = Math.floor(table.store.collectionSize(value) / gigabyte);
  return { ItemCollectionKey: { [partition.name]: value }, SizeEstimateRangeGB: [low, low + 1] };
}

/**
 * The metrics of all collections that several writes have changed, by table; undefined when there are none.
 */
export function describeCollections(
  wanted: 'SIZE' | 'NONE' | undefined,
  writes: readonly Write[],
): Record<string, CollectionMetrics[]> | undefined {
  if (wanted !== 'SIZE') return undefined;
  const seen = new Map<string, Map<string, CollectionMetrics>>();
  for (const write of writes) {
    const metrics = describeCollection(wanted, write);
    if (!metrics) continue;
    const { name } = write.table;
    const ofTable = seen.get(name) ?? new Map<string, CollectionMetrics>();
    seen.set(name, ofTable.set(JSON.stringify(metrics.ItemCollectionKey), metrics));
  }
  if (seen.size === 0) return undefined;
  return Object.fromEntries([...seen].map(([name, ofTable]) => [name, [...ofTable.values()]]));
}

const gigabyte = 2 ** 30;
