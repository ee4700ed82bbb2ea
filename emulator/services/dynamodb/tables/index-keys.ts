import { invalid, invalidParameters } from './refusals.ts';
import type { TableRecord } from './table-record.ts';
import type { IndexSchema, KeyAttribute } from '../storage/table-store.ts';
import { attributeOf, type AttributeValue, type Item, typeOf } from '../values/attribute-value.ts';
import { valueSize } from '../values/size.ts';

/**
 * Checks that an item may be written as far as the keys of the table's indexes go. An item without one of
 * them stays out of that index; one that has it of another type, empty or too large is refused.
 *
 * @throws AwsError ValidationException
 */
export function checkIndexKeys(table: TableRecord, item: Item): void {
  // AWS names the global index where a local one has the same attribute.
  for (const { schema } of table.globalIndexes.values()) checkKey(schema, item);
  for (const schema of table.localIndexes) checkKey(schema, item);
}

function checkKey({ name, key }: IndexSchema, item: Item): void {
  checkIndexKey(name, key.partition, item, 'hash');
  if (key.sort) checkIndexKey(name, key.sort, item, 'range');
}

function checkIndexKey(index: string, attribute: KeyAttribute, item: Item, role: keyof typeof limits): void {
  const value = attributeOf(item, attribute.name);
  if (!value) return;
  const type = typeOf(value);
  if (type !== attribute.type) {
    throw invalidParameters(
      `Type mismatch for Index Key ${attribute.name} Expected: ${attribute.type} Actual: ${type} IndexName: ${index}`,
    );
  }
  if (isEmpty(value)) {
    throw invalid(
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
        `The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value. ` +
        `IndexName: ${index}, IndexKey: ${attribute.name}`,
    );
  }
  if (type !== 'N' && valueSize(value) > limits[role]) {
    throw invalidParameters(`Size of ${role}key has exceeded the maximum size limit of${limits[role]} bytes`);
  }
}

/** Bytes that a key attribute may have (developer guide, "Quotas in DynamoDB"). */
const limits = { hash: 2048, range: 1024 };

function isEmpty(value: AttributeValue): boolean {
  return ('S' in value && value.S === '') || ('B' in value && value.B.byteLength === 0);
}
