import type { KeyAttribute, KeySchema } from './table-store.ts';

/** All attributes of a key: those of the partition key, then those of the sort key. */
export function keyAttributes(key: KeySchema): readonly KeyAttribute[] {
  return [...partitionAttributes(key), ...sortAttributes(key)];
}

/** The attributes of the partition key, in their order; one but in multi-attribute keys. */
export function partitionAttributes({ partition, further }: KeySchema): readonly KeyAttribute[] {
  return further ? [partition, ...further.partition] : [partition];
}

/** The attributes of the sort key, in their order; none where there is no sort key. */
export function sortAttributes({ sort, further }: KeySchema): readonly KeyAttribute[] {
  if (!sort) return [];
  return further ? [sort, ...further.sort] : [sort];
}
