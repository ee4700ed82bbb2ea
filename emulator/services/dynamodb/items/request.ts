import type {
  AttributeValueUpdate,
  ConditionalOperator,
  ExpectedAttributeValue,
  ReturnValue,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../service.ts';
import { type Condition, parseCondition } from '../expressions/condition.ts';
import { conditionOfExpected, projectionOf, updateOf } from '../expressions/legacy.ts';
import { parseProjection, type Projection } from '../expressions/projection.ts';
import { openScope, refuseUnused } from '../expressions/scope.ts';
import { parseUpdate, type Update } from '../expressions/update.ts';
import { invalid } from '../refusals.ts';
import type { Item } from '../values/attribute-value.ts';
import { normalizeItem } from '../values/normalize.ts';
import { itemSize, maximumItemSize } from '../values/size.ts';
import { currentWordingOf } from '../values/wording.ts';
import { isReadable, type WrittenValues } from './readable-nesting.ts';

/** What a write says besides its table and item. */
export interface WriteParameters {
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly AttributeUpdates?: Readonly<Record<string, AttributeValueUpdate>> | undefined;
  readonly Expected?: Readonly<Record<string, ExpectedAttributeValue>> | undefined;
  readonly ConditionalOperator?: ConditionalOperator | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

/** What a read of one item may say of the attributes that it wants. */
export interface ReadParameters {
  readonly ProjectionExpression?: string | undefined;
  readonly AttributesToGet?: readonly string[] | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
}

/** A write's expressions, parsed. */
export interface WriteExpressions {
  readonly update: Update | undefined;
  readonly condition: Condition | undefined;
}

/**
 * Runs the checks of PutItem, UpdateItem and DeleteItem that need no table. What they find is told in the
 * form of AWS's validation framework, as these three operations, unlike all others, have done since 2026;
 * in the older form only for a request that the framework cannot read, because its values nest too deep for it.
 */
export function checkingRequest<Read>(input: WrittenValues, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
    if (/^\d+ validation errors? detected: /.test(error.message)) throw error;
    if (!isReadable(input)) throw error;
    throw invalid(`1 validation error detected: ${currentWordingOf(error)}`);
  }
}

/**
 * Parses a write's expressions, or the parameters that say the same.
 *
 * @throws AwsError ValidationException
 */
export function readWriteExpressions(input: WriteParameters): WriteExpressions {
  if (input.UpdateExpression === undefined && input.ConditionExpression === undefined) {
    return {
      condition: input.Expected && conditionOfExpected(input.Expected, input.ConditionalOperator),
      update: input.AttributeUpdates && updateOf(input.AttributeUpdates),
    };
  }
  const scope = openScope(input);
  const update = input.UpdateExpression === undefined ? undefined : parseUpdate(scope, input.UpdateExpression);
  const condition =
    input.ConditionExpression === undefined
      ? undefined
      : parseCondition(scope, 'ConditionExpression', input.ConditionExpression);
  refuseUnused(scope);
  return { update, condition };
}

/**
 * Parses what a read wants of an item; undefined for all of it.
 *
 * @throws AwsError ValidationException
 */
export function readProjection(input: ReadParameters): Projection | undefined {
  if (input.AttributesToGet !== undefined) return projectionOf(input.AttributesToGet);
  if (input.ProjectionExpression === undefined) return undefined;
  const scope = openScope(input);
  const projection = parseProjection(scope, input.ProjectionExpression);
  refuseUnused(scope);
  return projection;
}

/** @throws AwsError ValidationException: PutItem and DeleteItem have nothing new to return */
export function refuseNewValues(wanted: ReturnValue | undefined): void {
  if (wanted !== undefined && wanted !== 'ALL_OLD' && wanted !== 'NONE') {
    throw invalid('ReturnValues can only be ALL_OLD or NONE');
  }
}

/** An item or key as a request has it, in canonical form. @throws AwsError ValidationException */
export function readItem(wire: Readonly<Record<string, unknown>> | undefined): Item {
  return normalizeItem(wire ?? {});
}

/** @throws AwsError ValidationException for an item of more than 400 KB */
export function refuseOversized(item: Item): void {
  if (itemSize(item) > maximumItemSize) throw invalid('Item size has exceeded the maximum allowed size');
}
