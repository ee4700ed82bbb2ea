import { expect, test } from '@playwright/test';
import { assert, array, constantFrom, integer, property, string } from 'fast-check';
import { compareUtf8, createSortedMap } from '../../../sorted-map.ts';
import { keyBehind, readPage, type KeySource, type PageRequest } from './page.ts';

/** A source that counts what a page takes from it. */
function counted(keys: readonly string[]) {
  const map = createSortedMap<string, readonly string[]>(compareUtf8);
  for (const key of keys) map.set(key, [key]);
  const steps = { seeks: 0, keys: 0 };
  const source: KeySource<string> = {
    *from(key) {
      steps.seeks += 1;
      for (const entry of map.ascending(key)) {
        steps.keys += 1;
        yield entry;
      }
    },
  };
  return { source, steps };
}

const request = (changes: Partial<PageRequest>): PageRequest => ({
  prefix: '',
  delimiter: '',
  after: '',
  limit: 1000,
  ...changes,
});

function allPages(source: KeySource<string>, changes: Partial<PageRequest>): string[] {
  const listed: string[] = [];
  let after = '';
  for (;;) {
    const page = readPage(source, request({ ...changes, after }));
    listed.push(...[...page.entries, ...page.commonPrefixes].toSorted(compareUtf8));
    if (!page.truncated) return listed;
    expect(page.last, 'a truncated page says where it ended').toBeDefined();
    after = page.last ?? '';
  }
}

test('a page of 10,000 keys costs the same wherever it begins', () => {
  const keys = Array.from({ length: 10_000 }, (_, index) => `key-${String(index).padStart(5, '0')}`);
  const { source, steps } = counted(keys);
  for (const first of [0, 5000, 9899]) {
    Object.assign(steps, { seeks: 0, keys: 0 });
    const page = readPage(source, request({ after: keys[first] ?? '', limit: 100 }));
    expect(page.entries).toHaveLength(100);
    expect(steps.seeks).toBe(1);
    expect(steps.keys).toBeLessThanOrEqual(101);
  }
});

test('a common prefix costs one seek, however many keys are under it', () => {
  const keys = ['a', 'b', 'c'].flatMap((folder) => Array.from({ length: 3000 }, (_, index) => `${folder}/${index}`));
  const { source, steps } = counted([...keys, 'd']);
  const page = readPage(source, request({ delimiter: '/' }));
  expect(page).toEqual({ entries: ['d'], commonPrefixes: ['a/', 'b/', 'c/'], truncated: false, last: 'd' });
  expect(steps).toEqual({ seeks: 4, keys: 4 });
});

test('pages put together are the whole listing, whatever prefix, delimiter and page size', () => {
  const key = string({
    unit: constantFrom('a', 'b', '/', '//', 'é', '\u{ffff}', '\u{10000}', '\u{10ffff}'),
    maxLength: 5,
  });
  assert(
    property(
      array(key, { maxLength: 30 }),
      key,
      constantFrom('', '/', 'a', '//', '\u{10ffff}'),
      integer({ min: 1, max: 4 }),
      (keys, prefix, delimiter, limit) => {
        const { source } = counted(keys.filter((name) => name !== ''));
        expect(allPages(source, { prefix, delimiter, limit })).toEqual(plainListing(keys, prefix, delimiter));
      },
    ),
  );
});

/** The definition, without any skipping. */
function plainListing(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const listed = new Set<string>();
  for (const key of keys) {
    if (key === '' || !key.startsWith(prefix)) continue;
    const index = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    listed.add(index < 0 ? key : key.slice(0, index + delimiter.length));
  }
  return [...listed].toSorted(compareUtf8);
}

test('keys come in the order of their UTF-8 bytes', () => {
  const { source } = counted(['b', 'a', 'Z', 'é', '\u{1f600}', '\u{ff5e}']);
  expect(readPage(source, request({})).entries).toEqual(['Z', 'a', 'b', 'é', '\u{ff5e}', '\u{1f600}']);
});

test('a page of nothing is not truncated', () => {
  const { source } = counted(['a']);
  expect(readPage(source, request({ limit: 0 }))).toMatchObject({ entries: [], truncated: false });
});

test('a page that ends with the last key is not truncated', () => {
  const { source } = counted(['a', 'b', 'folder/1', 'folder/2']);
  expect(readPage(source, request({ limit: 3, delimiter: '/' })).truncated).toBe(false);
  expect(readPage(source, request({ limit: 2, delimiter: '/' })).truncated).toBe(true);
});

test('a marker within a common prefix leaves out the whole prefix', () => {
  const { source } = counted(['folder/a/1', 'folder/a/2', 'folder/b']);
  const page = readPage(source, request({ prefix: 'folder/', delimiter: '/', after: 'folder/a/1' }));
  expect(page).toMatchObject({ entries: ['folder/b'], commonPrefixes: [] });
});

test('a marker before or behind the prefix begins at the prefix or finds nothing', () => {
  const { source } = counted(['a', 'm/1', 'z']);
  expect(readPage(source, request({ prefix: 'm/', after: 'b' })).entries).toEqual(['m/1']);
  expect(readPage(source, request({ prefix: 'm/', after: 'x' })).entries).toEqual([]);
});

test('the key behind a prefix is the next of its length, or shorter', () => {
  expect(keyBehind('a/')).toBe('a0');
  expect(keyBehind('a\u{ffff}')).toBe('a\u{10000}');
  expect(keyBehind('a\u{d7ff}')).toBe('a\u{e000}');
  expect(keyBehind('a\u{10ffff}')).toBe('b');
  expect(keyBehind('\u{10ffff}')).toBeUndefined();
});
