import type { AttributeDefinition, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import type { KeyAttribute, KeySchema } from '../storage/table-store.ts';
import { invalid, invalidParameters } from '../refusals.ts';

/** Attribute definitions, as keys look them up. */
export type Definitions = ReadonlyMap<string, KeyAttribute>;

/** @throws AwsError ValidationException when an attribute is defined twice */
export function readDefinitions(attributes: readonly AttributeDefinition[]): Definitions {
  const definitions = new Map<string, KeyAttribute>();
  for (const { AttributeName: name = '', AttributeType: type = 'S' } of attributes) {
    if (definitions.has(name)) {
      throw invalid(`Attribute Name is duplicated: ${name}`);
    }
    definitions.set(name, { name, type });
  }
  return definitions;
}

/** The key of a table or of a local index. @throws AwsError ValidationException */
export function readKey(
  elements: readonly KeySchemaElement[],
  definitions: Definitions,
  attributes: readonly AttributeDefinition[],
  owner: 'table' | 'index',
): KeySchema {
  const names = elements.map(({ AttributeName = '' }) => AttributeName);
  if (owner === 'table' && elements.length > attributes.length) {
    throw invalid('Invalid KeySchema: Some index key attribute have no definition');
  }
  refuseUndefined(names, definitions, attributes);
  if (elements.length > 1 && names[0] === names[1]) {
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (elements[0]?.KeyType !== 'HASH') {
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (elements[1] && elements[1].KeyType !== 'RANGE') {
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  const [partition, sort] = names.map((name) => definitions.get(name));
  if (!partition) throw invalid('Invalid KeySchema: Some index key attribute have no definition');
  return { partition, sort };
}

/**
 * The key of a global index, which may have up to four HASH attributes and behind them up to four RANGE attributes
 * (API reference, GlobalSecondaryIndex).
 *
 * @throws AwsError ValidationException
 */
export function readGlobalKey(
  elements: readonly KeySchemaElement[],
  definitions: Definitions,
  attributes: readonly AttributeDefinition[],
): KeySchema {
  const names = elements.map(({ AttributeName = '' }) => AttributeName);
  refuseUndefined(names, definitions, attributes);
  if (new Set(names).size < names.length) {
    throw invalid('The KeySchema contains multiple key attributes with the same name');
  }
  if (elements[0]?.KeyType !== 'HASH') {
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  const types = elements.map(({ KeyType }) => KeyType);
  if (types.lastIndexOf('HASH') > types.indexOf('RANGE') && types.includes('RANGE')) {
    throw invalidParameters('All HASH key attributes must precede RANGE key attributes in the KeySchema');
  }
  const read = (keyType: 'HASH' | 'RANGE') => {
    const some = names.flatMap((name, at) => (types[at] === keyType ? (definitions.get(name) ?? []) : []));
    if (some.length > 4) {
      throw invalidParameters(`The KeySchema exceeds the maximum allowed number of ${keyType} key attributes`);
    }
    return some;
  };
  const [partition, ...furtherPartition] = read('HASH');
  const [sort, ...furtherSort] = read('RANGE');
  if (!partition) throw invalid('Invalid KeySchema: Some index key attribute have no definition');
  const isSimple = furtherPartition.length === 0 && furtherSort.length === 0;
  return { partition, sort, further: isSimple ? undefined : { partition: furtherPartition, sort: furtherSort } };
}

/**
 * Refuses a definition that no key uses, before anything else is said of indexes.
 *
 * @param keys of the table and of all its indexes, as they are asked for
 * @throws AwsError ValidationException
 */
export function refuseUnusedDefinitions(
  attributes: readonly AttributeDefinition[],
  keys: readonly (readonly KeySchemaElement[])[],
): void {
  const used = new Set(keys.flatMap((elements) => elements.map(({ AttributeName = '' }) => AttributeName)));
  const names = attributes.map(({ AttributeName = '' }) => AttributeName);
  if (names.every((name) => used.has(name))) return;
  throw invalidParameters(
    `Some AttributeDefinitions are not used. AttributeDefinitions: [${names.toSorted().join(', ')}], ` +
      `keys used: [${[...used].toSorted().join(', ')}]`,
  );
}

function refuseUndefined(
  names: readonly string[],
  definitions: Definitions,
  attributes: readonly AttributeDefinition[],
): void {
  if (names.every((name) => definitions.has(name))) return;
  throw invalidParameters(
    'Some index key attributes are not defined in AttributeDefinitions. ' +
      `Keys: [${names.join(', ')}], AttributeDefinitions: [${namesOf(attributes)}]`,
  );
}

function namesOf(attributes: readonly AttributeDefinition[]): string {
  return attributes.map(({ AttributeName }) => AttributeName).join(', ');
}
