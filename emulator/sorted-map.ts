import sortedBtree from 'sorted-btree';

/** A map that is kept in the order of its keys; every step costs the logarithm of its size. */
export interface SortedMap<Key, Value> {
  readonly size: number;
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  /** Returns whether it was there. */
  delete(key: Key): boolean;
  /**
   * The entries in ascending order from a key on, the key's own first if it is there; from the first one
   * when no key is given. Leave the map as it is while you walk.
   */
  ascending(from?: Key): IterableIterator<readonly [Key, Value]>;
  /** The entries in descending order from a key on, the key's own first if it is there. */
  descending(from?: Key): IterableIterator<readonly [Key, Value]>;
  clear(): void;
}

/**
 * Makes an empty one.
 *
 * @param compare negative when the first key comes before the second, 0 when they are the same key
 */
export function createSortedMap<Key, Value>(compare: (a: Key, b: Key) => number): SortedMap<Key, Value> {
  const tree = new sortedBtree.default<Key, Value>(undefined, compare);
  return {
    get size() {
      return tree.size;
    },
    get: (key) => tree.get(key),
    set: (key, value) => void tree.set(key, value),
    delete: (key) => tree.delete(key),
    ascending: (from) => tree.entries(from),
    descending: (from) => tree.entriesReversed(from),
    clear: () => tree.clear(),
  };
}

/** Compares texts by the bytes of their UTF-8 form, as S3 lists keys and DynamoDB sorts strings. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return utf8Rank(left) - utf8Rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for what comes after U+FFFF, though their own numbers come before U+E000. */
function utf8Rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
