import { compareUtf8, createSortedMap } from '../../../sorted-map.ts';
import type { ObjectVersion } from './object-version.ts';

/** The objects of a bucket, in the order of their keys' UTF-8 bytes, with all their versions. */
export interface KeyIndex {
  /** How many keys have any version. */
  readonly size: number;
  /** The versions of a key, newest first; a delete marker is one of them. */
  versions(key: string): readonly ObjectVersion[];
  /** The newest version, unless that is a delete marker. */
  current(key: string): ObjectVersion | undefined;
  find(key: string, versionId: string): ObjectVersion | undefined;
  /** Adds a version as the newest one. */
  add(version: ObjectVersion): void;
  /** Takes a version out; returns it, or undefined when there is none. */
  remove(key: string, versionId: string): ObjectVersion | undefined;
  /** Walks the keys from one on, that one included, with their versions, newest first. */
  from(key: string): IterableIterator<readonly [string, readonly ObjectVersion[]]>;
}

export function createKeyIndex(): KeyIndex {
  const keys = createSortedMap<string, readonly ObjectVersion[]>(compareUtf8);
  const none: readonly ObjectVersion[] = [];
  return {
    get size() {
      return keys.size;
    },
    versions: (key) => keys.get(key) ?? none,
    current(key) {
      const newest = keys.get(key)?.[0];
      return newest?.deleteMarker ? undefined : newest;
    },
    find: (key, versionId) => keys.get(key)?.find((version) => version.versionId === versionId),
    add: (version) => keys.set(version.key, [version, ...(keys.get(version.key) ?? none)]),
    remove(key, versionId) {
      const versions = keys.get(key) ?? none;
      const removed = versions.find((version) => version.versionId === versionId);
      if (!removed) return undefined;
      if (versions.length === 1) keys.delete(key);
      else
        keys.set(
          key,
          versions.filter((version) => version !== removed),
        );
      return removed;
    },
    from: (key) => keys.ascending(key),
  };
}
