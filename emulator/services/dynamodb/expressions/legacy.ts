import type {
  AttributeValueUpdate,
  Condition as LegacyCondition,
  ExpectedAttributeValue,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../service.ts';
import { attributeOf, typeOf, type AttributeValue, type Item } from '../values/attribute-value.ts';
import { normalizeValue } from '../values/normalize.ts';
import type { Condition } from './condition.ts';
import { applyChanges, type DocumentChange } from './document-changes.ts';
import { pickPaths, type DocumentPath } from './document-path.ts';
import type { KeyTerm } from './key-condition.ts';
import { checkLegacyComparison, keyOperatorOf, legacyHolds, type LegacyComparison } from './legacy-operators.ts';
import { projectionOfPaths, type Projection } from './projection.ts';
import { added, subtracted } from './set-arithmetic.ts';
import type { Update } from './update.ts';
import { invalidParameters } from '../refusals.ts';

// The parameters that expressions have replaced
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html).

export { refuseMixedParameters } from './mixed-parameters.ts';

type ConditionalOperator = 'AND' | 'OR' | undefined;

/** @throws AwsError ValidationException */
export function conditionOfExpected(
  expected: Readonly<Record<string, ExpectedAttributeValue>>,
  operator: ConditionalOperator,
): Condition {
  const comparisons = Object.entries(expected).map(
    ([attribute, condition]) => [attribute, comparisonOfExpected(attribute, condition)] as const,
  );
  return combined(comparisons, operator);
}

/** `QueryFilter` and `ScanFilter`. @throws AwsError ValidationException */
export function conditionOfFilter(
  filter: Readonly<Record<string, LegacyCondition>>,
  operator: ConditionalOperator,
): Condition {
  return combined(comparisonsOf(filter), operator);
}

/** Checks KeyConditions for all that needs no table. @throws AwsError ValidationException */
export function legacyKeyTerms(conditions: Readonly<Record<string, LegacyCondition>>): readonly KeyTerm[] {
  const terms = comparisonsOf(conditions).map(([attribute, { operator, values }]) => ({
    attribute,
    operator: keyOperatorOf(operator),
    values,
  }));
  if (terms.length === 0) throw new AwsError('ValidationException', 'Conditions can be of length 1 or 2 only');
  return terms;
}

/** AttributeUpdates. @throws AwsError ValidationException */
export function updateOf(updates: Readonly<Record<string, AttributeValueUpdate>>): Update {
  const actions = Object.entries(updates).map(([attribute, update]) => checkedAction(attribute, update));
  const paths = actions.map(({ path }) => path);
  return {
    apply: (item) =>
      applyChanges(
        item,
        actions.map((action) => legacyChange(action, item)),
      ),
    attributes: new Set(Object.keys(updates)),
    touched: (item) => pickPaths(item, paths),
  };
}

/** @throws AwsError ValidationException */
export function projectionOf(attributesToGet: readonly string[]): Projection {
  const seen = new Set<string>();
  for (const name of attributesToGet) {
    if (seen.has(name)) throw invalidParameters(`Duplicate value in attribute name: ${name}`);
    seen.add(name);
  }
  return projectionOfPaths(attributesToGet.map((name) => [name]));
}

interface LegacyAction {
  readonly path: DocumentPath;
  readonly action: 'PUT' | 'ADD' | 'DELETE';
  readonly value: AttributeValue | undefined;
}

function comparisonsOf(
  conditions: Readonly<Record<string, LegacyCondition>>,
): readonly (readonly [string, LegacyComparison])[] {
  return Object.entries(conditions).map(([attribute, { ComparisonOperator, AttributeValueList }]) => [
    attribute,
    checkLegacyComparison(ComparisonOperator ?? '', AttributeValueList ?? []),
  ]);
}

function combined(
  comparisons: readonly (readonly [string, LegacyComparison])[],
  operator: ConditionalOperator,
): Condition {
  const holdsOf = (item: Item) => (entry: readonly [string, LegacyComparison]) =>
    legacyHolds(entry[1], attributeOf(item, entry[0]));
  return {
    holds: (item) =>
      operator === 'OR' && comparisons.length > 0 ? comparisons.some(holdsOf(item)) : comparisons.every(holdsOf(item)),
    attributes: new Set(comparisons.map(([attribute]) => attribute)),
  };
}

function comparisonOfExpected(attribute: string, condition: ExpectedAttributeValue): LegacyComparison {
  const { Value, Exists, ComparisonOperator, AttributeValueList } = condition;
  const refuse = (message: string): never => {
    throw invalidParameters(`${message} for Attribute: ${attribute}`);
  };
  if (Value !== undefined && AttributeValueList !== undefined) {
    refuse('Value and AttributeValueList cannot be used together');
  }
  if (ComparisonOperator !== undefined) {
    if (Exists !== undefined) refuse('Exists and ComparisonOperator cannot be used together');
    const needsNone = ComparisonOperator === 'NULL' || ComparisonOperator === 'NOT_NULL';
    if (Value === undefined && AttributeValueList === undefined && !needsNone) {
      refuse(`Value or AttributeValueList must be used with ComparisonOperator: ${ComparisonOperator}`);
    }
    return checkLegacyComparison(ComparisonOperator, AttributeValueList ?? (Value === undefined ? [] : [Value]));
  }
  if (AttributeValueList !== undefined) refuse('AttributeValueList can only be used with a ComparisonOperator');
  if (Exists === false) {
    if (Value !== undefined) refuse('Value cannot be used when Exists is false');
    return checkLegacyComparison('NULL', []);
  }
  if (Value === undefined) refuse(`Value must be provided when Exists is ${Exists ?? null}`);
  return checkLegacyComparison('EQ', [Value]);
}

function checkedAction(attribute: string, { Action, Value }: AttributeValueUpdate): LegacyAction {
  const action = Action ?? 'PUT';
  const path: DocumentPath = [attribute];
  if (Value === undefined) {
    if (action !== 'DELETE') {
      throw invalidParameters('Only DELETE action is allowed when no attribute value is specified');
    }
    return { path, action, value: undefined };
  }
  const value = normalizeValue(Value);
  const type = typeOf(value);
  const isSet = type === 'SS' || type === 'NS' || type === 'BS';
  if (action === 'DELETE' && !isSet) {
    throw invalidParameters(`DELETE action with value is not supported for the type ${type}`);
  }
  if (action === 'ADD' && !isSet && type !== 'N' && type !== 'L') {
    throw invalidParameters(`ADD action is not supported for the type ${type}`);
  }
  return { path, action, value };
}

function legacyChange({ path, action, value }: LegacyAction, item: Item): DocumentChange {
  const current = attributeOf(item, path[0]);
  if (action === 'PUT' || value === undefined) return { path, value };
  if (action === 'ADD') {
    const sum = appended(current, value) ?? added(current, value);
    if (sum === undefined) throw typeMismatch();
    return { path, value: sum };
  }
  if (current === undefined) return { path, value: undefined };
  const result = subtracted(current, value);
  if (result === undefined) throw typeMismatch();
  return { path, value: result.remaining };
}

/** Only the legacy ADD knows lists: it appends to them. */
function appended(current: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  if (current === undefined || !('L' in current) || !('L' in value)) return undefined;
  return { L: [...current.L, ...value.L] };
}

function typeMismatch(): AwsError {
  return new AwsError('ValidationException', 'Type mismatch for attribute to update');
}
