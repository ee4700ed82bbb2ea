import type { ReturnValue } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../service.ts';
import type { Condition } from '../expressions/condition.ts';
import { returnedAttributes } from '../items/update-item.ts';
import { planCheck, planDelete, planPut, planUpdate, type Write, type WriteOptions } from '../items/write.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { invalid } from '../refusals.ts';
import { attributeOf, type Item } from '../values/attribute-value.ts';
import { type NamedItem, namedItem, refuseSecondKey } from './item-key.ts';
import { incompleteKey } from './refusals.ts';
import type { CheckedWrite } from './statement.ts';
import type { Returning } from './syntax.ts';
import { conditionOf, type Predicate } from './where.ts';

/**
 * Finds the item that a write is about; an INSERT names it by the item itself.
 *
 * @throws AwsError ValidationException when it names no item, or two
 */
export function findWritten({ key }: TableRecord, statement: CheckedWrite): NamedItem {
  if (statement.type === 'insert') return { key: statement.item, rest: [] };
  const named = namedItem(key, statement.where, { singleIn: false });
  if (statement.type === 'exists') {
    if (!named || named.rest.length === 0) {
      throw invalid('EXISTS() must contain a single item read with additional condition');
    }
    return named;
  }
  if (!named) throw incompleteKey();
  refuseSecondKey(key, named);
  return named;
}

/**
 * Checks all that can be refused of a write, and changes nothing.
 *
 * @throws AwsError ValidationException, DuplicateItemException, ConditionalCheckFailedException
 */
export function planWrite(
  table: TableRecord,
  statement: CheckedWrite,
  { key, rest }: NamedItem,
  returnValuesOnConditionCheckFailure: WriteOptions['returnValuesOnConditionCheckFailure'],
): Write {
  const options = { returnValuesOnConditionCheckFailure };
  switch (statement.type) {
    case 'insert': {
      const write = planPut(table, key, {});
      if (write.before) {
        throw new AwsError('DuplicateItemException', 'Duplicate primary key exists in table');
      }
      return write;
    }
    case 'update':
      return planUpdate(table, key, statement.update, { ...options, condition: existing(table, rest) });
    case 'delete':
      return planDelete(table, key, { ...options, condition: existingOrNone(rest) });
    case 'exists':
      return planCheck(table, key, { ...options, condition: allOf(rest) });
    default:
      return statement satisfies never;
  }
}

/** What RETURNING shows; undefined when there is nothing of it. */
export function returnedItem(statement: CheckedWrite, write: Write): Item | undefined {
  if (statement.type === 'update' && statement.returning) {
    return returnedAttributes(returnValues[statement.returning], statement.update, write);
  }
  return statement.type === 'delete' && statement.returning ? write.before : undefined;
}

const returnValues: Readonly<Record<Returning, ReturnValue>> = {
  'ALL OLD': 'ALL_OLD',
  'MODIFIED OLD': 'UPDATED_OLD',
  'ALL NEW': 'ALL_NEW',
  'MODIFIED NEW': 'UPDATED_NEW',
};

/** UPDATE makes no item: one that is not there fails the condition. */
function existing({ key }: TableRecord, rest: readonly Predicate[]): Condition {
  const condition = allOf(rest);
  const { name } = key.partition;
  return { ...condition, holds: (item) => attributeOf(item, name) !== undefined && condition.holds(item) };
}

/** DELETE of an item that is not there does nothing, whatever else its WHERE clause says. */
function existingOrNone(rest: readonly Predicate[]): Condition | undefined {
  if (rest.length === 0) return undefined;
  const condition = allOf(rest);
  return { ...condition, holds: (item) => Object.keys(item).length === 0 || condition.holds(item) };
}

function allOf(rest: readonly Predicate[]): Condition {
  const conditions = rest.map(conditionOf);
  return {
    holds: (item) => conditions.every((condition) => condition.holds(item)),
    attributes: new Set(conditions.flatMap(({ attributes }) => [...attributes])),
    nestedAttributes: new Set(conditions.flatMap(({ nestedAttributes }) => [...(nestedAttributes ?? [])])),
  };
}
