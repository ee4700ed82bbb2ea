import type { Item } from '../values/attribute-value.ts';
import type { ExpressionScope } from './scope.ts';

/** A parsed ProjectionExpression, or AttributesToGet. */
export interface Projection {
  /** The part of an item that it names. */
  pick(item: Item): Item;
  /** The top-level attributes that it names. */
  readonly attributes: ReadonlySet<string>;
}

/** @throws AwsError ValidationException: `Invalid ProjectionExpression: …` */
export function parseProjection(_scope: ExpressionScope, _text: string): Projection {
  throw new Error('to be written');
}
