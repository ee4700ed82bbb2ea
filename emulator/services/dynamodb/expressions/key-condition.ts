import type { KeyValue } from '../values/attribute-value.ts';
import type { ExpressionScope } from './scope.ts';

/** What a Query looks for: one partition, and a range of its sort key. */
export interface KeyCondition {
  readonly partition: KeyValue;
  readonly sort: SortCondition | undefined;
}

export type SortCondition =
  | { readonly operator: '=' | '<' | '<=' | '>' | '>='; readonly value: KeyValue }
  | { readonly operator: 'between'; readonly low: KeyValue; readonly high: KeyValue }
  | { readonly operator: 'begins_with'; readonly prefix: KeyValue };

/** The key of the table or index that is queried. */
export interface QueriedKey {
  readonly partition: { readonly name: string; readonly type: 'S' | 'N' | 'B' };
  readonly sort: { readonly name: string; readonly type: 'S' | 'N' | 'B' } | undefined;
}

/** @throws AwsError ValidationException: `Invalid KeyConditionExpression: …`, `Query key condition not supported`, … */
export function parseKeyCondition(_scope: ExpressionScope, _text: string, _key: QueriedKey): KeyCondition {
  throw new Error('to be written');
}
