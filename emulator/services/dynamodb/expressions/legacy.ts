import type {
  AttributeValueUpdate,
  Condition as LegacyCondition,
  ExpectedAttributeValue,
} from '@aws-sdk/client-dynamodb';
import type { Condition } from './condition.ts';
import type { KeyCondition, QueriedKey } from './key-condition.ts';
import type { Projection } from './projection.ts';
import type { Update } from './update.ts';

// The parameters that expressions have replaced
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html).

type ConditionalOperator = 'AND' | 'OR' | undefined;

/** @throws AwsError ValidationException */
export function conditionOfExpected(
  _expected: Readonly<Record<string, ExpectedAttributeValue>>,
  _operator: ConditionalOperator,
): Condition {
  throw new Error('to be written');
}

/** `QueryFilter` and `ScanFilter`. @throws AwsError ValidationException */
export function conditionOfFilter(
  _filter: Readonly<Record<string, LegacyCondition>>,
  _operator: ConditionalOperator,
): Condition {
  throw new Error('to be written');
}

/** @throws AwsError ValidationException */
export function keyConditionOf(_conditions: Readonly<Record<string, LegacyCondition>>, _key: QueriedKey): KeyCondition {
  throw new Error('to be written');
}

/** @throws AwsError ValidationException */
export function updateOf(_updates: Readonly<Record<string, AttributeValueUpdate>>): Update {
  throw new Error('to be written');
}

/** @throws AwsError ValidationException */
export function projectionOf(_attributesToGet: readonly string[]): Projection {
  throw new Error('to be written');
}
