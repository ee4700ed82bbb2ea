import { AwsError } from '../../../service.ts';

/** The request parameters that hold expressions. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** A refusal of an expression, which names the parameter that it came in. */
export function invalidExpression(kind: ExpressionKind, message: string): AwsError {
  return new AwsError('ValidationException', `Invalid ${kind}: ${message}`);
}
