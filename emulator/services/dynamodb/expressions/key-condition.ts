import type { AwsError } from '../../../service.ts';
import { partitionAttributes, sortAttributes } from '../storage/key-attributes.ts';
import type { KeyAttribute, KeySchema } from '../storage/table-store.ts';
import { typeOf, type AttributeValue, type KeyValue } from '../values/attribute-value.ts';
import { checkCondition, type CheckedCondition, type CheckedOperand } from './condition-checks.ts';
import { readCondition } from './condition-syntax.ts';
import { invalidExpression } from './expression-kind.ts';
import type { ExpressionScope } from './scope.ts';
import { remembering } from './syntax-memory.ts';
import { invalid } from '../refusals.ts';

/** What a Query looks for: one partition, and a range of its sort key. */
export interface KeyCondition {
  readonly partition: KeyValue;
  readonly sort: SortCondition | undefined;
  /** What is asked of a multi-attribute key besides; undefined for all other keys. */
  readonly further?: FurtherConditions | undefined;
}

/** All that a Query of a multi-attribute key asks for to be equal, but for the first partition attribute. */
export interface FurtherConditions {
  /** Of the second partition attribute, the third and the fourth. */
  readonly partition: readonly KeyValue[];
  /** Of the sort attributes before the one that `sort` is about. */
  readonly sort: readonly KeyValue[];
}

export type SortCondition =
  | { readonly operator: '=' | '<' | '<=' | '>' | '>='; readonly value: KeyValue }
  | { readonly operator: 'between'; readonly low: KeyValue; readonly high: KeyValue }
  | { readonly operator: 'begins_with'; readonly prefix: KeyValue };

/** The key of the table or index that is queried. */
export type QueriedKey = KeySchema;

/** A condition on one attribute, which may or may not be a key. */
export interface KeyTerm {
  readonly attribute: string;
  readonly operator: KeyOperator;
  readonly values: readonly AttributeValue[];
}

/** `other` is a legacy operator that no key can be found by. */
export type KeyOperator = SortCondition['operator'] | 'other';

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
  const partitionKey = partitionAttributes(key);
  const sortKey = sortAttributes(key);
  const keyCount = partitionKey.length + sortKey.length;
  if (terms.length > keyCount) {
    throw invalid(
      `The number of query conditions (${terms.length}) exceeds ` +
        `the number of key attributes defined in the schema (${keyCount})`,
    );
  }
  const partition = partitionKey.map((attribute) => termOn(terms, attribute) ?? missedKey(attribute.name));
  const sort = sortTerms(
    terms.filter((term) => !partition.includes(term)),
    sortKey,
  );
  const partitionValues = partition.map((term, at) => keyValues(term, partitionKey[at]));
  const sortValues = sort.map((term, at) => keyValues(term, sortKey[at]));
  if (partition.some(({ operator }) => operator !== '=')) unsupported();
  const [first, ...further] = partitionValues.map(([value]) => value ?? unsupported());
  const last = sort.at(-1);
  return {
    partition: first ?? unsupported(),
    sort: last && sortCondition(last, sortValues.at(-1) ?? []),
    further: key.further && {
      partition: further,
      sort: sortValues.slice(0, -1).map(([value]) => value ?? unsupported()),
    },
  };
}

function termOn(terms: readonly KeyTerm[], { name }: KeyAttribute): KeyTerm | undefined {
  return terms.find(({ attribute }) => attribute === name);
}

/**
 * The conditions on the sort key in the order of its attributes: on the first of them, one after the other, and all
 * but the last an equality (developer guide, "Multi-attribute key schema"; wording as public conformance tests found
 * it on AWS).
 */
function sortTerms(terms: readonly KeyTerm[], sortKey: readonly KeyAttribute[]): readonly KeyTerm[] {
  const known = sortKey.filter((attribute) => termOn(terms, attribute));
  if (known.length < terms.length) {
    missedKey(sortKey.find((attribute) => !known.includes(attribute))?.name ?? '');
  }
  const last = known.at(-1);
  if (!last) return [];
  const named = sortKey.slice(0, sortKey.indexOf(last) + 1);
  const unequal = named.slice(0, -1).filter((attribute) => termOn(terms, attribute)?.operator !== '=');
  if (unequal.length > 0) {
    throw invalid(
      `RANGE key attributes ${unequal.map(({ name }) => name).join(', ')} must have equality conditions specified in ` +
        `the query because a condition is present on key attribute ${last.name}`,
    );
  }
  return named.flatMap((attribute) => termOn(terms, attribute) ?? []);
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

function keyValues(term: KeyTerm, attribute: KeyAttribute | undefined): readonly KeyValue[] {
  if (term.operator === 'other') throw invalid('Attempted conditional constraint is not an indexable operation');
  return term.values.map((value) => {
    if (typeOf(value) !== attribute?.type) {
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
  if (first === undefined || operator === 'other') unsupported();
  if (operator === 'begins_with') {
    // Numbers have no prefix; only a legacy condition comes as far as this with one.
    if ('N' in first) unsupported();
    return { operator, prefix: first };
  }
  if (operator !== 'between') return { operator, value: first };
  if (second === undefined) unsupported();
  return { operator, low: first, high: second };
}

function missedKey(name: string): never {
  throw invalid(`Query condition missed key schema element: ${name}`);
}

function unsupported(): never {
  throw invalid('Query key condition not supported');
}

function invalidCondition(message: string): AwsError {
  return invalid(`Invalid condition in KeyConditionExpression: ${message}`);
}
