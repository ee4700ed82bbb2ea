import type { SortCondition } from '../expressions/key-condition.ts';
import type { Item, KeyValue } from '../values/attribute-value.ts';

/** The key of a table or an index: which attributes, of which types. */
export interface KeySchema {
  readonly partition: KeyAttribute;
  readonly sort: KeyAttribute | undefined;
}

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** A secondary index as the store keeps it. */
export interface IndexSchema {
  readonly name: string;
  readonly key: KeySchema;
  /** The attributes that it holds besides the keys; `all` of them, or those named. */
  readonly projected: 'all' | ReadonlySet<string>;
}

/** The items of a table and of its indexes. A write changes the table and every index at once. */
export interface TableStore {
  /** @param key the key attributes, maybe among others */
  get(key: Item): Item | undefined;
  /** Puts an item in, in place of the one with the same key; returns that one. */
  put(item: Item): Item | undefined;
  /** Takes an item out; returns it. */
  delete(key: Item): Item | undefined;
  /** The table's own items in the order of partition and sort key. */
  readonly items: ItemIndex;
  /** A secondary index, with what is projected into it; undefined when there is none of the name. */
  index(name: string): ItemIndex | undefined;
  /** Adds an index and fills it. */
  addIndex(schema: IndexSchema): void;
  removeIndex(name: string): void;
  /** The items, and bytes, of one partition in the table and its local indexes together, for ItemCollectionMetrics. */
  collectionSize(partition: KeyValue): number;
}

/** Items in order: by a hash of their partition key, then by partition key, sort key and the table's key. */
export interface ItemIndex {
  readonly itemCount: number;
  /** Bytes. */
  readonly sizeBytes: number;
  /**
   * Walks one partition.
   *
   * @param after an ExclusiveStartKey: the walk begins behind it, whether or not it is there still
   */
  query(
    partition: KeyValue,
    sort: SortCondition | undefined,
    options: { readonly forward: boolean; readonly after?: Item | undefined },
  ): IterableIterator<Item>;
  /** Walks everything, or one of the equal segments of a parallel scan. */
  scan(options: {
    readonly segment?: { readonly segment: number; readonly total: number } | undefined;
    readonly after?: Item | undefined;
  }): IterableIterator<Item>;
  /** Whether an ExclusiveStartKey lies in a segment. */
  inSegment(key: Item, segment: { readonly segment: number; readonly total: number }): boolean;
}

/**
 * Makes an empty one.
 *
 */
export function createTableStore(_key: KeySchema, _indexes: readonly IndexSchema[]): TableStore {
  throw new Error('to be written');
}
