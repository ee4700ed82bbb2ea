import type { KeyCondition } from '../expressions/key-condition.ts';
import { AwsError } from '../../../service.ts';
import { isKeyValue, matchesSort } from '../storage/item-index.ts';
import { keyAttributes, partitionAttributes } from '../storage/key-attributes.ts';
import type { KeyAttribute, KeySchema } from '../storage/table-store.ts';
import { invalid } from '../refusals.ts';
import { attributeOf, type Item } from '../values/attribute-value.ts';
import { equalValues } from '../values/compare.ts';
import { normalizeItem } from '../values/normalize.ts';
import { currentWordingOf, refusedValue } from '../values/wording.ts';
import type { ReadTarget } from './target.ts';

/**
 * Reads an ExclusiveStartKey as far as its values go.
 *
 * @throws AwsError ValidationException
 */
export function readStartKey(wire: Readonly<Record<string, unknown>> | undefined): Item | undefined {
  if (!wire) return undefined;
  try {
    return normalizeItem(wire);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const older = `${startKeyIsInvalid}: ${error.message}`;
    const current = currentWordingOf(error);
    // The current wording of a value stands alone.
    throw current === error.message ? invalid(older) : refusedValue(older, current);
  }
}

/** Checks a start key of a Scan against what is scanned. @throws AwsError ValidationException */
export function checkScanStart({ table, index, key, startKeyNames }: ReadTarget, start: Item): void {
  if (Object.keys(start).length !== startKeyNames.length) {
    throw invalid(index ? startKeyIsInvalid : `${startKeyIsInvalid}: ${mismatch}`);
  }
  if (index) refuseMistyped(key, start);
  refuseMistypedTableKey(table.key, start);
}

/** Whether a start key of a Query has the attributes that it has to have. @throws AwsError ValidationException */
export function refuseMisfitStart({ key, startKeyNames }: ReadTarget, start: Item): void {
  if (Object.keys(start).length !== startKeyNames.length) throw invalid(startKeyIsInvalid);
  refuseMistyped(key, start);
}

/** Whether a start key lies in what a Query asks for. @throws AwsError ValidationException */
export function checkQueryStart({ table, key }: ReadTarget, start: Item, queried: KeyCondition): void {
  refuseMistypedTableKey(table.key, start);
  const asked = [queried.partition, ...(queried.further?.partition ?? [])];
  const samePartition = partitionAttributes(key).every(({ name }, at) => {
    const value = attributeOf(start, name);
    const wanted = asked[at];
    return value !== undefined && wanted !== undefined && equalValues(value, wanted);
  });
  const { sort, further } = queried;
  if (!sort) {
    if (!samePartition) {
      throw invalid('The provided starting key is outside query boundaries based on provided conditions');
    }
    return;
  }
  if (!matchesSort(key, { sort, further }, start)) {
    throw invalid('The provided starting key does not match the range key predicate');
  }
  if (!samePartition) throw invalid('The query can return at most one row and cannot be restarted');
}

const startKeyIsInvalid = 'The provided starting key is invalid';
const mismatch = 'The provided key element does not match the schema';

function refuseMistyped(key: KeySchema, start: Item): void {
  for (const attribute of keyAttributes(key)) {
    if (!attributeOf(start, attribute.name)) throw invalid(startKeyIsInvalid);
    if (!hasKey(attribute, start)) throw invalid(mismatch);
  }
}

function refuseMistypedTableKey({ partition, sort }: KeySchema, start: Item): void {
  const complete = hasKey(partition, start) && (!sort || hasKey(sort, start));
  if (!complete) throw invalid(`${startKeyIsInvalid}: ${mismatch}`);
}

function hasKey(attribute: KeyAttribute, start: Item): boolean {
  return isKeyValue(attributeOf(start, attribute.name), attribute);
}
