import { compareUtf8 } from '../../../sorted-map.ts';

/** A place among the keys, and how much is wanted from there. */
export interface PageRequest {
  readonly prefix: string;
  /** Keys that have it behind the prefix are rolled up to one common prefix; empty for none. */
  readonly delimiter: string;
  /** The key or common prefix that the page before ended with; empty for the first page. */
  readonly after: string;
  /** True when entries of the key `after` itself are still to come; the source leaves out the others. */
  readonly rest?: boolean;
  /** Entries and common prefixes together. */
  readonly limit: number;
}

/** Sorted keys with what is to be listed of each. */
export interface KeySource<Entry> {
  /** Walks the keys from one on, that one included, in the order of their UTF-8 bytes. */
  from(key: string): Iterable<readonly [string, readonly Entry[]]>;
}

export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly commonPrefixes: readonly string[];
  readonly truncated: boolean;
  /** The key or common prefix at the page's end; undefined for an empty page. */
  readonly last: string | undefined;
}

/**
 * Reads one page. It costs a seek, a step for each key on the page and a seek behind each common prefix,
 * wherever it begins: what is under a common prefix is not walked
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html).
 */
export function readPage<Entry>(source: KeySource<Entry>, request: PageRequest): Page<Entry> {
  const { prefix, delimiter, limit } = request;
  const entries: Entry[] = [];
  const commonPrefixes: string[] = [];
  let last: string | undefined;
  const page = (truncated: boolean): Page<Entry> => ({ entries, commonPrefixes, truncated, last });
  // S3 answers a page of none with "not truncated", whatever there is.
  if (limit === 0) return page(false);

  let start = firstKey(request);
  while (start !== undefined) {
    let next: string | undefined;
    for (const [key, listed] of source.from(start)) {
      if (!key.startsWith(prefix)) {
        // A key before the prefix is none of a seek: every start lies at the prefix or behind it.
        return page(false);
      }
      if (listed.length === 0) continue;
      const common = commonPrefixOf(key, prefix, delimiter);
      if (common !== undefined) {
        if (entries.length + commonPrefixes.length === limit) return page(true);
        commonPrefixes.push(common);
        last = common;
        next = keyBehind(common);
        break;
      }
      for (const entry of listed) {
        if (entries.length + commonPrefixes.length === limit) return page(true);
        entries.push(entry);
        last = key;
      }
    }
    start = next;
  }
  return page(false);
}

/** The common prefix that a key is rolled up to: it reaches to the first delimiter behind the prefix. */
function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined;
  const index = key.indexOf(delimiter, prefix.length);
  return index < 0 ? undefined : key.slice(0, index + delimiter.length);
}

/** Where a page begins: behind the last one, and behind the whole common prefix that this lies in. */
function firstKey({ prefix, delimiter, after, rest }: PageRequest): string | undefined {
  if (after === '') return prefix;
  const common = commonPrefixOf(after, prefix, delimiter);
  if (common !== undefined) return keyBehind(common);
  const start = rest ? after : `${after}\0`;
  return compareUtf8(start, prefix) > 0 ? start : prefix;
}

/**
 * The first possible key behind all that begin with a prefix: the prefix with its last character replaced
 * by the next one. Undefined when there is none.
 */
export function keyBehind(prefix: string): string | undefined {
  const characters = Array.from(prefix);
  for (let index = characters.length - 1; index >= 0; index -= 1) {
    const code = characters[index]?.codePointAt(0) ?? 0;
    if (code === 0x10ffff) continue;
    // No character has the numbers of the surrogates.
    const next = code === 0xd7ff ? 0xe000 : code + 1;
    return characters.slice(0, index).join('') + String.fromCodePoint(next);
  }
  return undefined;
}
