import { partitionAttributes, sortAttributes } from '../storage/key-attributes.ts';
import type { IndexSchema, KeyAttribute } from '../storage/table-store.ts';
import { indexesOf } from '../tables/lookup.ts';
import { invalidParameters } from '../refusals.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { attributeOf, type AttributeValue, type Item, typeOf } from '../values/attribute-value.ts';
import { checkKeySize, emptiness, EmptyKeyError, type KeyPart } from './keys.ts';

/**
 * Checks what an item has for the keys of the table's indexes. An item may lack them, but not have them of
 * another type, empty or too large.
 *
 * @param updated the attributes that an update has changed, which alone are looked at; undefined for an item
 *   that is put as a whole
 * @throws AwsError ValidationException, which of several indexes names the first in alphabetical order;
 *   EmptyKeyError for an empty value
 */
export function checkKeysOfIndexes(table: TableRecord, item: Item, updated?: ReadonlySet<string>): void {
  const indexes = indexesOf(table);
  if (indexes.length === 0) return;
  // Sorting is for the message only.
  if (indexes.every((index) => partsOf(index).every(([attribute]) => isFit(attribute, item, updated)))) return;
  for (const index of indexes.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const [attribute, part] of partsOf(index)) {
      const value = attributeOf(item, attribute.name);
      if (value && (!updated || updated.has(attribute.name))) {
        checkIndexKey(index.name, attribute, value, part, updated !== undefined);
      }
    }
  }
}

function partsOf({ key }: IndexSchema): readonly (readonly [KeyAttribute, KeyPart])[] {
  return [
    ...partitionAttributes(key).map((attribute) => [attribute, 'hash'] as const),
    ...sortAttributes(key).map((attribute) => [attribute, 'range'] as const),
  ];
}

/** Whether there is certainly nothing to refuse. */
function isFit(attribute: KeyAttribute, item: Item, updated: ReadonlySet<string> | undefined): boolean {
  if (updated && !updated.has(attribute.name)) return true;
  const value = attributeOf(item, attribute.name);
  if (!value) return true;
  if (attribute.type === 'S') return 'S' in value && value.S !== '' && value.S.length <= shortText;
  return attribute.type === 'N' && 'N' in value;
}

/** Characters that take no more than 1024 bytes however they are encoded. */
const shortText = 341;

function checkIndexKey(
  index: string,
  { name, type }: KeyAttribute,
  value: AttributeValue,
  part: KeyPart,
  isUpdate: boolean,
): void {
  if (!(type in value)) {
    throw invalidParameters(
      `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index}`,
    );
  }
  const empty = emptiness(value);
  if (empty) {
    const rule = `The AttributeValue for a key attribute cannot contain an empty ${empty} value.`;
    throw new EmptyKeyError(
      isUpdate
        ? `The update expression attempted to update a secondary index key to a value that is not supported. ${rule}`
        : `A value specified for a secondary index key is not supported. ${rule} IndexName: ${index}, IndexKey: ${name}`,
    );
  }
  checkKeySize(value, part);
}
