import type { ExpectedAttributeValue } from '@aws-sdk/client-dynamodb';
import { nestingOf } from '../values/normalize.ts';

/** Where a write of one item has values. */
export interface WrittenValues {
  readonly Item?: object | undefined;
  readonly Key?: object | undefined;
  readonly ExpressionAttributeValues?: object | undefined;
  readonly Expected?: Readonly<Record<string, ExpectedAttributeValue>> | undefined;
}

/**
 * Whether AWS's validation framework can read a write of one item, whose values may not nest too deep for it. What
 * it cannot read is checked as it was before there was one, and refused in the older form.
 */
export function isReadable({ Item, Key, ExpressionAttributeValues, Expected }: WrittenValues): boolean {
  const expected = Object.values(Expected ?? {}).map(({ Value, AttributeValueList = [] }) => [
    Value,
    ...AttributeValueList,
  ]);
  return [Item, Key, ExpressionAttributeValues, ...expected].every((values) => nestingOf(values) <= readableNesting);
}

/** Lists and maps that a value may lie in (observed in eu-west-2 and us-east-1, 2026). */
const readableNesting = 62;
