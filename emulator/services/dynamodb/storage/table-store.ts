import type { FurtherConditions, SortCondition } from '../expressions/key-condition.ts';
import { attributeOf, type AttributeValue, type Item, type KeyValue, setAttribute } from '../values/attribute-value.ts';
import { itemSize } from '../values/size.ts';
import { createItemIndex, isKeyValue, keyPosition, type Position, tailOf, type WritableIndex } from './item-index.ts';
import { keyAttributes } from './key-attributes.ts';
import { sortableText } from './order-preserving.ts';

/** The key of a table or an index: which attributes, of which types. */
export interface KeySchema {
  readonly partition: KeyAttribute;
  readonly sort: KeyAttribute | undefined;
  /**
   * The second to fourth attribute of each part in a multi-attribute key, which only a global index may have
   * (developer guide, "Multi-attribute key schema"); undefined for all other keys.
   */
  readonly further?:
    | { readonly partition: readonly KeyAttribute[]; readonly sort: readonly KeyAttribute[] }
    | undefined;
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
  /** True for a local index, whose items count with the table's item collections. */
  readonly local?: boolean;
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
    options: {
      readonly forward: boolean;
      readonly after?: Item | undefined;
      /** What is asked of a multi-attribute key besides. */
      readonly further?: FurtherConditions | undefined;
    },
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
 * @param key the table's own
 * @param schemas its secondary indexes; those added later are global
 */
export function createTableStore(key: KeySchema, schemas: readonly IndexSchema[]): TableStore {
  const items = createItemIndex(key, (item) => positionIn(key, item));
  const secondary = new Map<string, SecondaryIndex>();
  const collections = schemas.some(({ local }) => local) ? new Map<string, number>() : undefined;

  function addIndex(schema: IndexSchema): void {
    const index = createItemIndex(schema.key, (item) => indexPosition(schema, item) ?? missingKey(schema.key, item));
    secondary.set(schema.name, { schema, index });
  }

  function indexPosition(schema: IndexSchema, item: Item, position?: Position): Position | undefined {
    return keyPosition(schema.key, item, tailOf(position ?? positionIn(key, item)));
  }

  /** Changes one item everywhere; `before` and `after` have the same key. */
  function change(position: Position, before: Item | undefined, after: Item | undefined): void {
    let growth = collections ? sizeOf(after) - sizeOf(before) : 0;
    for (const { schema, index } of secondary.values()) {
      const from = before && indexPosition(schema, before, position);
      const to = after && indexPosition(schema, after, position);
      const shown = to && after && projectInto(schema, key, after);
      const moved = !to || (from && (from.partition !== to.partition || from.sort !== to.sort));
      const removed = from && moved ? index.remove(from) : undefined;
      const replaced = to && shown ? index.set(to, shown) : undefined;
      if (collections && schema.local) growth += sizeOf(shown) - sizeOf(removed) - sizeOf(replaced);
    }
    if (!collections || position.partition === undefined) return;
    const size = (collections.get(position.partition) ?? 0) + growth;
    if (size > 0) collections.set(position.partition, size);
    else collections.delete(position.partition);
  }

  for (const schema of schemas) addIndex(schema);
  return {
    items,
    get: (wanted) => items.at(positionIn(key, wanted)),
    put(item) {
      const position = positionIn(key, item);
      const before = items.set(position, item);
      change(position, before, item);
      return before;
    },
    delete(wanted) {
      const position = positionIn(key, wanted);
      const before = items.remove(position);
      if (before) change(position, before, undefined);
      return before;
    },
    index: (name) => secondary.get(name)?.index,
    addIndex(schema) {
      addIndex(schema);
      const index = secondary.get(schema.name)?.index;
      for (const item of items.scan({})) {
        const position = indexPosition(schema, item);
        if (position) index?.set(position, projectInto(schema, key, item));
      }
    },
    removeIndex: (name) => void secondary.delete(name),
    collectionSize: (partition) => collections?.get(sortableText(partition)) ?? 0,
  };
}

/** What an index holds of an item that has its key: all keys, and what is projected. */
export function projectInto({ key, projected }: IndexSchema, tableKey: KeySchema, item: Item): Item {
  if (projected === 'all') return item;
  const shown: Record<string, AttributeValue> = {};
  for (const name of Object.keys(item)) {
    const value = item[name];
    if (value && (projected.has(name) || isKeyOf(key, name) || isKeyOf(tableKey, name))) {
      setAttribute(shown, name, value);
    }
  }
  return shown;
}

/** Whether an item appears in an index: only if it has all of the index's key. */
export function appearsIn({ key }: IndexSchema, item: Item): boolean {
  return keyAttributes(key).every((attribute) => isKeyValue(attributeOf(item, attribute.name), attribute));
}

interface SecondaryIndex {
  readonly schema: IndexSchema;
  readonly index: WritableIndex;
}

function isKeyOf(key: KeySchema, name: string): boolean {
  if (key.partition.name === name || key.sort?.name === name) return true;
  return key.further !== undefined && keyAttributes(key).some((attribute) => attribute.name === name);
}

function positionIn(key: KeySchema, item: Item): Position {
  return keyPosition(key, item, '') ?? missingKey(key, item);
}

/** Operations check keys before they come here. */
function missingKey(key: KeySchema, item: Item): never {
  const names = keyAttributes(key)
    .map(({ name }) => name)
    .join(' and ');
  throw new TypeError(`An item without its key ${names}: it has ${Object.keys(item).join(', ')}.`);
}

function sizeOf(item: Item | undefined): number {
  return item ? itemSize(item) : 0;
}
