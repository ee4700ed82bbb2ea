import type { AttributeValue, Item } from './attribute-value.ts';

/**
 * Checks a value as a request has it and brings it into canonical form.
 *
 * @throws AwsError ValidationException in DynamoDB's words: no type or two, a number that is none or has
 *   more than 38 digits, an empty set, duplicates, nesting deeper than 32 levels
 */
export function normalizeValue(_wire: unknown): AttributeValue {
  throw new Error('to be written');
}

/** The same for an item, a key or the values of an expression. */
export function normalizeItem(_wire: Readonly<Record<string, unknown>>): Item {
  throw new Error('to be written');
}
