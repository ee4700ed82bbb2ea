import type { QueryInput, ScanInput } from '@aws-sdk/client-dynamodb';
import { invalid, invalidParameters } from '../tables/refusals.ts';

/**
 * Refuses parameters that do not go together: expressions beside what they have replaced, and names or
 * values without any expression. KeyConditions alone may stand beside a FilterExpression.
 *
 * @throws AwsError ValidationException
 */
export function refuseMixedParameters(
  input: QueryInput | ScanInput,
  expressions: readonly string[],
  legacy: readonly string[],
): void {
  const given = new Map(Object.entries(input).filter(([, value]) => value !== undefined && value !== null));
  const used = expressions.filter((name) => given.has(name));
  const replaced = legacy.filter(
    (name) => given.has(name) && (name !== 'KeyConditions' || given.has('KeyConditionExpression')),
  );
  if (used.length > 0 && replaced.length > 0) {
    throw invalid(
      'Can not use both expression and non-expression parameters in the same request: ' +
        `Non-expression parameters: {${replaced.join(', ')}} Expression parameters: {${used.join(', ')}}`,
    );
  }
  if (used.length > 0) return;
  if (given.has('ExpressionAttributeNames')) {
    throw invalid('ExpressionAttributeNames can only be specified when using expressions');
  }
  if (given.has('ExpressionAttributeValues')) {
    const taking = expressions.filter((name) => name !== 'ProjectionExpression');
    throw invalid(
      'ExpressionAttributeValues can only be specified when using expressions: ' +
        `${taking.join(' and ')} ${taking.length > 1 ? 'are' : 'is'} null`,
    );
  }
}

/** @throws AwsError ValidationException for a name that AttributesToGet has twice */
export function refuseDuplicates(names: readonly string[] | undefined): void {
  const duplicate = names?.find((name, at) => names.indexOf(name) < at);
  if (duplicate !== undefined) throw invalidParameters(`Duplicate value in attribute name: ${duplicate}`);
}
