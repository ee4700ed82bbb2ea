import { invalid } from '../refusals.ts';

/** The operations whose requests have legacy parameters beside expressions; BatchGetItem has them for each table. */
export type MixableOperation = keyof typeof parameters;

/**
 * Refuses a request that has both expressions and what they have replaced; names or values without any expression;
 * or a ConditionalOperator without at least two conditions to combine. It comes before any of these is looked at.
 *
 * @throws AwsError ValidationException naming the parameters, in an order that is each operation's own
 */
export function refuseMixedParameters(operation: MixableOperation, request: object): void {
  const input = request as Readonly<Record<string, unknown>>;
  const given = (name: string): boolean => input[name] !== undefined && input[name] !== null;
  const { legacy, expressions } = parameters[operation];
  const usedExpressions = expressions.filter(given);
  if (usedExpressions.length > 0) {
    const usedLegacy = legacy
      .filter(given)
      // KeyConditions go with a FilterExpression, but not with a KeyConditionExpression.
      .filter((name) => name !== 'KeyConditions' || given('KeyConditionExpression'));
    if (usedLegacy.length > 0) {
      throw invalid(
        'Can not use both expression and non-expression parameters in the same request: ' +
          `Non-expression parameters: {${usedLegacy.join(', ')}} ` +
          `Expression parameters: {${usedExpressions.join(', ')}}`,
      );
    }
  }
  if (given('ExpressionAttributeNames') && usedExpressions.length === 0) {
    throw invalid('ExpressionAttributeNames can only be specified when using expressions');
  }
  const withValues = expressions.filter((name) => name !== 'ProjectionExpression');
  if (given('ExpressionAttributeValues') && withValues.length > 0 && !withValues.some(given)) {
    const missing = `: ${withValues.join(' and ')} ${withValues.length > 1 ? 'are' : 'is'} null`;
    // Writes have left this out since 2026.
    const isRead = operation === 'Query' || operation === 'Scan';
    throw invalid(`ExpressionAttributeValues can only be specified when using expressions${isRead ? missing : ''}`);
  }
  if (given('ConditionalOperator')) refuseLoneOperator(input);
}

interface Parameters {
  readonly legacy: readonly string[];
  readonly expressions: readonly string[];
}

const write: Parameters = { legacy: ['Expected', 'ConditionalOperator'], expressions: ['ConditionExpression'] };
const read: Parameters = { legacy: ['AttributesToGet'], expressions: ['ProjectionExpression'] };

const parameters = {
  PutItem: write,
  DeleteItem: write,
  UpdateItem: {
    legacy: ['AttributeUpdates', 'Expected', 'ConditionalOperator'],
    expressions: ['UpdateExpression', 'ConditionExpression'],
  },
  GetItem: read,
  BatchGetItem: read,
  Query: {
    legacy: ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'],
    expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
  },
  Scan: {
    legacy: ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
    expressions: ['ProjectionExpression', 'FilterExpression'],
  },
} as const satisfies Readonly<Record<string, Parameters>>;

function refuseLoneOperator(input: Readonly<Record<string, unknown>>): void {
  const conditions = input['Expected'] ?? input['QueryFilter'] ?? input['ScanFilter'] ?? {};
  const count = Object.keys(conditions).length;
  if (count === 0) throw invalid('ConditionalOperator cannot be used without Filter or Expected');
  if (count === 1) {
    throw invalid('ConditionalOperator can only be used when Filter or Expected has two or more elements');
  }
}
