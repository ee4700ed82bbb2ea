import type { Item } from '../values/attribute-value.ts';
import type { ExpressionScope } from './scope.ts';

/** A parsed UpdateExpression, or AttributeUpdates. */
export interface Update {
  /**
   * Makes the updated item. All operands are read from the item as it was.
   *
   * @throws AwsError ValidationException, e.g. for a document path that is not there
   */
  apply(item: Item): Item;
  /** The top-level attributes that it changes; none of the key may be among them. */
  readonly attributes: ReadonlySet<string>;
  /** What of an item, before or after, ReturnValues UPDATED_OLD and UPDATED_NEW show. */
  touched(item: Item): Item;
}

/** @throws AwsError ValidationException: `Invalid UpdateExpression: …` */
export function parseUpdate(_scope: ExpressionScope, _text: string): Update {
  throw new Error('to be written');
}
