import type { AttributeValue, Item } from './attribute-value.ts';

/**
 * Bytes that an item counts with, its attributes' names included
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
 */
export function itemSize(_item: Item): number {
  throw new Error('to be written');
}

/** Bytes that a value counts with. */
export function valueSize(_value: AttributeValue): number {
  throw new Error('to be written');
}
