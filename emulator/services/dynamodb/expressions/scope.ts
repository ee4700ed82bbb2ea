import type { Item } from '../values/attribute-value.ts';

/** The names and values that the expressions of one request may use, and which of them they have used. */
export interface ExpressionScope {
  /** By `#name`. */
  readonly names: Readonly<Record<string, string>>;
  /** By `:value`, normalised. */
  readonly values: Item;
  readonly usedNames: Set<string>;
  readonly usedValues: Set<string>;
}

/**
 * Opens the scope of a request's expressions.
 *
 * @throws AwsError ValidationException when names or values are empty, malformed, or given without any expression
 */
export function openScope(_input: {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}): ExpressionScope {
  throw new Error('to be written');
}

/** @throws AwsError ValidationException naming what no expression has used */
export function refuseUnused(_scope: ExpressionScope): void {
  throw new Error('to be written');
}
