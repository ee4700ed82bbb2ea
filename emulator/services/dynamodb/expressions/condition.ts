import type { Item } from '../values/attribute-value.ts';
import type { ExpressionScope } from './scope.ts';

/** A parsed ConditionExpression or FilterExpression, or a legacy parameter that says the same. */
export interface Condition {
  /** Whether it is true of an item; an item that is not there is the empty one. */
  holds(item: Item): boolean;
  /** The top-level attributes that it looks at. A filter may not look at key attributes. */
  readonly attributes: ReadonlySet<string>;
}

/** @throws AwsError ValidationException: `Invalid ConditionExpression: …` */
export function parseCondition(
  _scope: ExpressionScope,
  _kind: 'ConditionExpression' | 'FilterExpression',
  _text: string,
): Condition {
  throw new Error('to be written');
}
