import { AwsError } from '../../../service.ts';
import { joinSortable, sortableText } from '../storage/order-preserving.ts';
import { isKeyValue } from '../storage/item-index.ts';
import type { KeyAttribute } from '../storage/table-store.ts';
import { invalid, invalidParameters } from '../refusals.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { attributeOf, type AttributeValue, type Item, typeOf } from '../values/attribute-value.ts';
import { valueSize } from '../values/size.ts';

/**
 * Checks the Key of a request: exactly the table's key, of its types.
 *
 * @throws AwsError ValidationException; EmptyKeyError for an empty value
 */
export function checkKey({ key }: TableRecord, given: Item): void {
  if (Object.keys(given).length !== (key.sort ? 2 : 1)) throw keyMismatch();
  checkKeyOfRequest(key.partition, given, 'hash');
  if (key.sort) checkKeyOfRequest(key.sort, given, 'range');
}

/**
 * Checks the table's key in an item that is put.
 *
 * @throws AwsError ValidationException that names the attribute; EmptyKeyError for an empty value
 */
export function checkKeyOfItem({ key }: TableRecord, item: Item): void {
  checkKeyAttribute(key.partition, item, 'hash');
  if (key.sort) checkKeyAttribute(key.sort, item, 'range');
}

/** The same as BatchWriteItem says it: a key that is missing or of another type just does not match. */
export function checkKeyOfBatchedItem({ key }: TableRecord, item: Item): void {
  checkKeyOfRequest(key.partition, item, 'hash');
  if (key.sort) checkKeyOfRequest(key.sort, item, 'range');
}

/** An empty key. In a transaction it is the request's fault, where other wrong keys cancel. */
export class EmptyKeyError extends AwsError {
  constructor(message: string) {
    super('ValidationException', `One or more parameter values are not valid. ${message}`);
  }
}

/** The table's key alone, taken from an item that has it. */
export function keyOf({ key }: TableRecord, item: Item): Item {
  const taken: Record<string, AttributeValue> = {};
  for (const attribute of key.sort ? [key.partition, key.sort] : [key.partition]) {
    const value = attributeOf(item, attribute.name);
    if (value) taken[attribute.name] = value;
  }
  return taken;
}

/** A text that only the keys of one item have in a table. */
export function keyText({ key }: TableRecord, item: Item): string {
  return joinSortable(
    (key.sort ? [key.partition, key.sort] : [key.partition]).map((attribute) => {
      const value = attributeOf(item, attribute.name);
      return isKeyValue(value, attribute) ? sortableText(value) : '';
    }),
  );
}

/** Bytes that the parts of a key may have (developer guide, "Quotas in Amazon DynamoDB"). */
export function checkKeySize(value: AttributeValue, part: KeyPart): void {
  if ('N' in value) return;
  const size = valueSize(value);
  if (part === 'hash' && size > 2048) {
    throw invalidParameters('Size of hashkey has exceeded the maximum size limit of2048 bytes');
  }
  if (part === 'range' && size > 1024) {
    throw invalidParameters('Aggregated size of all range keys has exceeded the size limit of 1024 bytes');
  }
}

/** What is empty in a value that may not be: `string` or `binary`; undefined when nothing is. */
export function emptiness(value: AttributeValue): 'string' | 'binary' | undefined {
  if ('S' in value && value.S === '') return 'string';
  return 'B' in value && value.B.byteLength === 0 ? 'binary' : undefined;
}

export type KeyPart = 'hash' | 'range';

function checkKeyOfRequest(attribute: KeyAttribute, given: Item, part: KeyPart): void {
  const value = attributeOf(given, attribute.name);
  if (!value || !(attribute.type in value)) throw keyMismatch();
  checkKeyValue(attribute, value, part);
}

function checkKeyAttribute(attribute: KeyAttribute, item: Item, part: KeyPart): void {
  const value = attributeOf(item, attribute.name);
  if (!value) throw invalidParameters(`Missing the key ${attribute.name} in the item`);
  if (!(attribute.type in value)) {
    throw invalidParameters(
      `Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${typeOf(value)}`,
    );
  }
  checkKeyValue(attribute, value, part);
}

function checkKeyValue({ name }: KeyAttribute, value: AttributeValue, part: KeyPart): void {
  const empty = emptiness(value);
  if (empty) {
    throw new EmptyKeyError(
      `The AttributeValue for a key attribute cannot contain an empty ${empty} value. Key: ${name}`,
    );
  }
  checkKeySize(value, part);
}

function keyMismatch(): AwsError {
  return invalid('The provided key element does not match the schema');
}
