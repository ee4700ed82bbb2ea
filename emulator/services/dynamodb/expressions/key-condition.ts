import { AwsError } from '../../../service.ts';
import { typeOf, type AttributeValue, type KeyValue } from '../values/attribute-value.ts';
import { checkCondition, type CheckedCondition, type CheckedOperand } from './condition-checks.ts';
import { readCondition } from './condition-syntax.ts';
import { invalidExpression } from './expression-kind.ts';
import type { ExpressionScope } from './scope.ts';
import { remembering } from './syntax-memory.ts';

/** What a Query looks for: one partition, and a range of its sort key. */
export interface KeyCondition {
  readonly partition: KeyValue;
  readonly sort: SortCondition | undefined;
}

export type SortCondition =
  | { readonly operator: '=' | '<' | '<=' | '>' | '>='; readonly value: KeyValue }
  | { readonly operator: 'between'; readonly low: KeyValue; readonly high: KeyValue }
  | { readonly operator: 'begins_with'; readonly prefix: KeyValue };

/** The key of the table or index that is queried. */
export interface QueriedKey {
  readonly partition: { readonly name: string; readonly type: 'S' | 'N' | 'B' };
  readonly sort: { readonly name: string; readonly type: 'S' | 'N' | 'B' } | undefined;
}

/** A condition on one attribute, which may or may not be a key. */
export interface KeyTerm {
  readonly attribute: string;
  readonly operator: KeyOperator;
  readonly values: readonly AttributeValue[];
}

/** `other` is a legacy operator that no key can be found by. */
export type KeyOperator = SortCondition['operator'] | 'other';

/**
 * A KeyConditionExpression in one step. AWS takes three, other parameters in between: a Query that wants its order
 * of refusals calls `readKeyCondition`, `keyTerms` and `keyConditionOfTerms` itself.
 *
 * @throws AwsError ValidationException: `Invalid KeyConditionExpression: …`, `Query key condition not supported`, …
 */
export function parseKeyCondition(scope: ExpressionScope, text: string, key: QueriedKey): KeyCondition {
  return keyConditionOfTerms(keyTerms(readKeyCondition(scope, text)), key);
}

/** Reads the expression as a condition; comes before FilterExpression. @throws AwsError ValidationException */
export function readKeyCondition(scope: ExpressionScope, text: string): CheckedCondition {
  return checkCondition('KeyConditionExpression', scope, recall(text));
}

const recall = remembering((text) => readCondition('KeyConditionExpression', text));

/**
 * The conditions on single attributes that it consists of; comes behind all other expressions and before the table
 * is looked up.
 *
 * @throws AwsError ValidationException for what is more than that, or two of them on one attribute
 */
export function keyTerms(condition: CheckedCondition): readonly KeyTerm[] {
  const terms: KeyTerm[] = [];
  collectTerms(condition, terms);
  return terms;
}

/** What the terms say of a key. @throws AwsError ValidationException when they do not fit it */
export function keyConditionOfTerms(terms: readonly KeyTerm[], key: QueriedKey): KeyCondition {
  const keyCount = key.sort === undefined ? 1 : 2;
  if (terms.length > keyCount) {
    throw invalid(
      `The number of query conditions (${terms.length}) exceeds ` +
        `the number of key attributes defined in the schema (${keyCount})`,
    );
  }
  const partition = terms.find(({ attribute }) => attribute === key.partition.name);
  if (partition === undefined) throw missedKey(key.partition.name);
  const other = terms.find((term) => term !== partition);
  if (other !== undefined && key.sort !== undefined && other.attribute !== key.sort.name) {
    throw missedKey(key.sort.name);
  }
  const partitionValues = keyValues(partition, key.partition.type);
  const sort = other && key.sort && sortCondition(other, keyValues(other, key.sort.type));
  const [value] = partitionValues;
  if (partition.operator !== '=' || value === undefined) throw unsupported();
  return { partition: value, sort };
}

const comparators = ['=', '<', '<=', '>', '>='] as const;
type KeyComparator = (typeof comparators)[number];

/** What a comparison becomes when its sides are changed. */
const mirrored: Readonly<Record<KeyComparator, KeyComparator>> = {
  '=': '=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function collectTerms(condition: CheckedCondition, terms: KeyTerm[]): void {
  if (condition.type === 'and') {
    collectTerms(condition.left, terms);
    collectTerms(condition.right, terms);
    return;
  }
  if (condition.type !== 'operation') {
    throw invalid(`Invalid operator used in KeyConditionExpression: ${condition.type.toUpperCase()}`);
  }
  const term = keyTerm(condition.operator, condition.operands);
  if (terms.some(({ attribute }) => attribute === term.attribute)) {
    throw invalidExpression(
      'KeyConditionExpression',
      'KeyConditionExpressions must only contain one condition per key',
    );
  }
  terms.push(term);
}

function keyTerm(operator: string, operands: readonly CheckedOperand[]): KeyTerm {
  const comparator = comparators.find((known) => known === operator);
  if (comparator === undefined && operator !== 'BETWEEN' && operator !== 'begins_with') {
    throw invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);
  }
  const attributeFirst = operands[0]?.type === 'path';
  if (comparator === undefined && !attributeFirst && operands[0]?.type === 'value') {
    throw invalidCondition(`${operator} operator must have the key attribute as its first operand`);
  }
  let attribute: string | undefined;
  const values: AttributeValue[] = [];
  for (const operand of operands) {
    if (operand.type === 'size') throw invalid('KeyConditionExpressions cannot contain nested operations');
    if (operand.type === 'value') values.push(operand.value);
    else {
      if (attribute !== undefined) throw invalidCondition('Multiple attribute names used in one condition');
      if (operand.path.length > 1) {
        throw invalid('KeyConditionExpressions cannot have conditions on nested attributes');
      }
      [attribute] = operand.path;
    }
  }
  if (attribute === undefined) throw invalidCondition('No key attribute specified');
  if (comparator !== undefined) {
    return { attribute, operator: attributeFirst ? comparator : mirrored[comparator], values };
  }
  return { attribute, operator: operator === 'BETWEEN' ? 'between' : 'begins_with', values };
}

function keyValues(term: KeyTerm, type: 'S' | 'N' | 'B'): readonly KeyValue[] {
  if (term.operator === 'other') throw invalid('Attempted conditional constraint is not an indexable operation');
  return term.values.map((value) => {
    if (typeOf(value) !== type) {
      throw invalid('One or more parameter values were invalid: Condition parameter type does not match schema type');
    }
    const keyValue = value as KeyValue;
    refuseEmpty(term.attribute, keyValue);
    return keyValue;
  });
}

function refuseEmpty(attribute: string, value: KeyValue): void {
  let empty: string | undefined;
  if ('S' in value && value.S === '') empty = 'string';
  if ('B' in value && value.B.byteLength === 0) empty = 'binary';
  if (empty === undefined) return;
  throw invalid(
    'One or more parameter values are not valid. ' +
      `The AttributeValue for a key attribute cannot contain an empty ${empty} value. Key: ${attribute}`,
  );
}

function sortCondition({ operator }: KeyTerm, [first, second]: readonly KeyValue[]): SortCondition {
  if (first === undefined || operator === 'other') throw unsupported();
  if (operator === 'begins_with') {
    // Numbers have no prefix; only a legacy condition comes as far as this with one.
    if ('N' in first) throw unsupported();
    return { operator, prefix: first };
  }
  if (operator !== 'between') return { operator, value: first };
  if (second === undefined) throw unsupported();
  return { operator, low: first, high: second };
}

function missedKey(name: string): AwsError {
  return invalid(`Query condition missed key schema element: ${name}`);
}

function unsupported(): AwsError {
  return invalid('Query key condition not supported');
}

function invalidCondition(message: string): AwsError {
  return invalid(`Invalid condition in KeyConditionExpression: ${message}`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
