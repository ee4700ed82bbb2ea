import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { Decimal } from 'decimal.js';
import { type Call, tableName } from './differential-calls.ts';

/** What a call came to, in a form that can be compared: JSON whose order says nothing. */
export type Answer =
  | { readonly output: unknown }
  | { readonly error: string; readonly message: string; readonly reasons?: readonly (string | undefined)[] };

/** A difference between DynamoDB Local and AWS, settled by AWS's documentation. */
interface KnownDifference {
  readonly reason: string;
  /** Whether it explains what the two answered to a call. */
  readonly explains: (call: Call, ours: Answer, theirs: Answer) => boolean;
}

const knownDifferences: readonly KnownDifference[] = [
  {
    reason: 'DynamoDB Local fails with an exception of its own, which no request can ask for on AWS.',
    explains: (_call, _ours, theirs) => 'error' in theirs && theirs.error === 'InternalFailure',
  },
  {
    reason:
      'DynamoDB Local refuses a transaction as a whole for what is wrong with one of its keys or paths, or looks at the ' +
      'conditions of the others as well. To AWS it is a "user error" that cancels the transaction, with ValidationError ' +
      'as the reason of its item (TransactionCanceledException).',
    explains: ({ operation }, ours, theirs) =>
      operation.startsWith('Transact') &&
      'error' in ours &&
      (ours.reasons?.includes('ValidationError') === true || isBareCancellation(theirs)) &&
      'error' in theirs &&
      /^(ValidationException|TransactionCanceledException)$/.test(theirs.error),
  },
  {
    reason:
      'DynamoDB Local looks at conditions before it sees that two operations are on one item; the API reference of ' +
      'TransactWriteItems has them refused as a request that cannot be.',
    explains: (_call, ours, theirs) =>
      'error' in ours &&
      ours.message === 'Transaction request cannot include multiple operations on one item' &&
      'error' in theirs &&
      theirs.error === 'TransactionCanceledException',
  },
  {
    reason:
      'DynamoDB Local looks at the condition before it sees that some updates are of a key. AWS refuses what no item ' +
      'could make right before it looks at the item.',
    explains: (_call, ours, theirs) =>
      'error' in ours &&
      /Cannot update attribute \w+\. This attribute is part of the key|^Key attributes must be scalars/.test(
        ours.message,
      ) &&
      'error' in theirs &&
      theirs.error === 'ConditionalCheckFailedException',
  },
  {
    reason:
      'Of a table without a sort key, DynamoDB Local gives no LastEvaluatedKey behind the one item of a partition. AWS ' +
      'stops at the limit and does ("If DynamoDB processes the number of items up to the limit", Query).',
    explains: ({ operation, input }, ours, theirs) =>
      operation === 'Query' &&
      input['Limit'] === 1 &&
      'output' in ours &&
      'output' in theirs &&
      JSON.stringify(ours.output).replaceAll('[1,0]', '[1]').replaceAll('[0,0]', '[0]') ===
        JSON.stringify(theirs.output),
  },
  {
    reason:
      'Some updates put an attribute of a wrong type where DynamoDB Local keeps the key of an index; AWS refuses them ' +
      'as it does puts (Type mismatch for Index Key), as an index has one type for each key attribute.',
    explains: ({ operation }, ours, theirs) =>
      /Update|Transact/.test(operation) &&
      'error' in ours &&
      /Type mismatch for Index Key/.test(ours.message) &&
      'output' in theirs,
  },
  {
    reason:
      'DynamoDB Local filters a Scan of an index by attributes that the index does not hold; to AWS an index has the ' +
      'attributes that are projected into it, and a filter sees no others.',
    explains: ({ operation, input }, ours, theirs) =>
      operation === 'Scan' &&
      input['IndexName'] !== undefined &&
      input['FilterExpression'] !== undefined &&
      'output' in ours &&
      'output' in theirs,
  },
];

/** A cancellation that has no reasons, which AWS always tells. */
function isBareCancellation(answer: Answer): boolean {
  return 'error' in answer && answer.error === 'TransactionCanceledException' && answer.reasons === undefined;
}

/** How two answers compare; a `difference` is told to the reader. */
export type Comparison =
  | { readonly same: true }
  /** After `apart`, one side has done what the other has not. */
  | { readonly known: string; readonly apart: boolean }
  | { readonly difference: string };

/** Compares what both sides answered to a call. */
export function compareAnswers(call: Call, ours: Answer, theirs: Answer): Comparison {
  if (textOf(ours) === textOf(theirs)) return { same: true };
  const known = knownDifferences.find(({ explains }) => explains(call, ours, theirs));
  if (known) return { known: known.reason, apart: 'error' in ours !== 'error' in theirs };
  return {
    difference:
      `${call.operation} ${JSON.stringify(call.input)}\n` +
      `ours: ${JSON.stringify(ours)}\nDynamoDB Local: ${JSON.stringify(theirs)}`,
  };
}

/** Messages differ in wording that AWS has changed since: they are told, but names and reasons decide. */
function textOf(answer: Answer): string {
  return JSON.stringify('error' in answer ? [answer.error, answer.reasons] : answer.output);
}

/** The answer that an exception of the SDK is. @throws what is no refusal of the service */
export function answerOfError(thrown: unknown): Answer {
  const error = thrown as Error & {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly CancellationReasons?: readonly { readonly Code?: string }[];
  };
  if (error.$metadata?.httpStatusCode === undefined) throw thrown;
  const reasons = error.CancellationReasons?.map(({ Code }) => Code);
  return { error: error.name, message: error.message, ...(reasons && { reasons }) };
}

/** Numbers as DynamoDB has them: DynamoDB Local leaves those inside of lists and maps as they were written. */
export function withCanonicalNumbers<Value>(value: Value): Value {
  return canonical(value) as Value;
}

function canonical(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]): [string, unknown] => {
      if (name === 'N' && typeof member === 'string') return [name, new Decimal(member).toFixed()];
      if (name === 'NS' && Array.isArray(member)) return [name, member.map((n: string) => new Decimal(n).toFixed())];
      return [name, canonical(member)];
    }),
  );
}

/** One order for what has none: sets, the attributes of a map, the items of a batch. */
export function inComparableForm(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(inComparableForm);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => member !== undefined && !leftOut.has(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => {
        const form = inComparableForm(member);
        return [name, unordered.has(name) && Array.isArray(form) ? sortedByText(form) : form];
      }),
  );
}

/** Sets, and the items of BatchGetItem under the stand-in of their table's name. */
const unordered: ReadonlySet<string> = new Set(['SS', 'NS', 'BS', tableName]);

/** DynamoDB Local tells of capacity unasked, and counts it otherwise. */
const leftOut: ReadonlySet<string> = new Set(['$metadata', 'ConsumedCapacity', 'ItemCollectionMetrics']);

/** Items in an order of ours, for those that come in any. */
export function sorted(items: readonly Record<string, AttributeValue>[]): unknown[] {
  return sortedByText(items.map(inComparableForm));
}

function sortedByText(values: readonly unknown[]): unknown[] {
  return values
    .map((value) => JSON.stringify(value))
    .toSorted()
    .map((text): unknown => JSON.parse(text));
}
