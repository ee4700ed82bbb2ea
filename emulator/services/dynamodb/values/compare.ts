import type { AttributeValue, Item } from './attribute-value.ts';
import { compareNumbers } from './numbers.ts';

/**
 * Orders two values of the same type among S, N and B: text by its UTF-8 bytes, numbers by value, binary by
 * unsigned bytes. Undefined for any others, which have no order.
 */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('S' in a) return 'S' in b ? compareText(a.S, b.S) : undefined;
  if ('N' in a) return 'N' in b ? compareNumbers(a.N, b.N) : undefined;
  if ('B' in a) return 'B' in b ? Buffer.compare(a.B, b.B) : undefined;
  return undefined;
}

/** Whether two values are the same: sets whatever their order, numbers by their value. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  if ('S' in a) return 'S' in b && a.S === b.S;
  // Numbers are canonical, so equal ones are written alike.
  if ('N' in a) return 'N' in b && a.N === b.N;
  if ('B' in a) return 'B' in b && Buffer.compare(a.B, b.B) === 0;
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL;
  if ('NULL' in a) return 'NULL' in b;
  if ('SS' in a) return 'SS' in b && sameMembers(a.SS, b.SS);
  if ('NS' in a) return 'NS' in b && sameMembers(a.NS, b.NS);
  if ('BS' in a) return 'BS' in b && sameMembers(a.BS.map(binaryKey), b.BS.map(binaryKey));
  if ('L' in a) return 'L' in b && equalLists(a.L, b.L);
  return 'M' in b && equalMaps(a.M, b.M);
}

/** Orders text by its UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const unitOfA = a.charCodeAt(index);
    const unitOfB = b.charCodeAt(index);
    if (unitOfA !== unitOfB) return utf8Rank(unitOfA) - utf8Rank(unitOfB);
  }
  return a.length - b.length;
}

/** Text that is the same for the same bytes only: what a member of a binary set is known by. */
export function binaryKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Surrogates stand for characters above all others, but their code units lie below U+E000. */
function utf8Rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const members = new Set(a);
  return b.every((member) => members.has(member));
}

function equalLists(a: readonly AttributeValue[], b: readonly AttributeValue[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((element, index) => {
    const other = b[index];
    return other !== undefined && equalValues(element, other);
  });
}

function equalMaps(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const own = a[name];
    const other = Object.hasOwn(b, name) ? b[name] : undefined;
    return own !== undefined && other !== undefined && equalValues(own, other);
  });
}
