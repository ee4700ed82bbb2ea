import type { AttributeValue, Item } from './attribute-value.ts';
import { numberSize } from './numbers.ts';

/** Bytes that an item may have at most, its attributes' names included. */
export const maximumItemSize = 400 * 1024;

/**
 * Bytes that an item counts with, its attributes' names included
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
 */
export function itemSize(item: Item): number {
  let size = 0;
  for (const name of Object.keys(item)) {
    const value = item[name];
    if (value !== undefined) size += Buffer.byteLength(name) + valueSize(value);
  }
  return size;
}

/** Bytes that a value counts with. */
export function valueSize(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return value.B.byteLength;
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('SS' in value) return sum(value.SS, (member) => Buffer.byteLength(member));
  if ('NS' in value) return sum(value.NS, numberSize);
  if ('BS' in value) return sum(value.BS, (member) => member.byteLength);
  // A list or map takes three bytes, and one more for each element.
  if ('L' in value) return 3 + sum(value.L, (element) => 1 + valueSize(element));
  return 3 + Object.keys(value.M).length + itemSize(value.M);
}

function sum<Member>(members: readonly Member[], size: (member: Member) => number): number {
  let total = 0;
  for (const member of members) total += size(member);
  return total;
}
