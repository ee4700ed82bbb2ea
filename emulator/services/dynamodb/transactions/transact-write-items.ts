import type {
  ConditionCheck,
  Delete,
  Put,
  TransactWriteItem,
  TransactWriteItemsInput,
  Update as UpdateAction,
} from '@aws-sdk/client-dynamodb';
import { refuseMixedParameters } from '../expressions/mixed-parameters.ts';
import { describeCollections } from '../items/item-collections.ts';
import { checkKeysOfIndexes } from '../items/index-keys.ts';
import { checkKey, checkKeyOfItem } from '../items/keys.ts';
import { readItem, readWriteExpressions, refuseOversized, type WriteExpressions } from '../items/request.ts';
import { commit, planCheck, planDelete, planPut, planUpdate, type Write } from '../items/write.ts';
import type { DynamodbState } from '../state.ts';
import { findTable } from '../tables/lookup.ts';
import { invalid } from '../refusals.ts';
import type { TableRecord } from '../tables/table-record.ts';
import type { Item } from '../values/attribute-value.ts';
import { itemSize } from '../values/size.ts';
import { forEachAction } from './cancellation.ts';
import { runOnce } from './client-tokens.ts';
import { describeActions, readInTransaction, writeInTransaction } from './consumption.ts';
import { refuseSameTargets, refuseTooMuch } from './limits.ts';

/**
 * TransactWriteItems: up to 100 writes, all of them or none.
 *
 * It never meets another request on its items, which AWS cancels as TransactionConflict: the whole of it
 * happens in one step of the event loop.
 *
 * @throws AwsError ValidationException, ResourceNotFoundException, TransactionCanceledException,
 *   IdempotentParameterMismatchException
 */
export function transactWriteItems(state: DynamodbState, input: TransactWriteItemsInput): unknown {
  const { ClientRequestToken: token, ReturnConsumedCapacity: capacity, ...request } = input;
  // In the order of the actions: the first that is wrong by itself is the one that is told.
  const actions = (input.TransactItems ?? []).map(readAction);
  return runOnce(
    state,
    token,
    request,
    () => {
      const targets = actions.map((action) => ({ ...action, table: findTable(state, action.tableName) }));
      const writes = performAll(targets);
      return {
        output: {
          ConsumedCapacity: describeActions(capacity, writes.map(writeInTransaction), 'write'),
          ItemCollectionMetrics: describeCollections(input.ReturnItemCollectionMetrics, writes),
        },
        result: writes.map(({ table, after }) => readInTransaction(table, after ? itemSize(after) : 0)),
      };
    },
    // "Subsequent calls with the same client token return the number of read capacity units consumed in
    // reading the item" (API reference).
    (reads) => ({ ConsumedCapacity: describeActions(capacity, reads, 'read') }),
  );
}

/** One action, as far as it can be read without its table. */
interface Action extends WriteExpressions {
  readonly kind: 'Put' | 'Update' | 'Delete' | 'ConditionCheck';
  readonly tableName: string;
  /** The key; of a put, the item. */
  readonly key: Item;
  readonly returnValuesOnConditionCheckFailure: 'ALL_OLD' | 'NONE' | undefined;
}

type Target = Action & { readonly table: TableRecord };

function readAction(entry: TransactWriteItem): Action {
  const kinds = actionKinds.filter((kind) => entry[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined) {
    throw invalid('Invalid Request: TransactWriteRequest should contain Delete or Put or Update request');
  }
  if (kinds.length > 1) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  const action: Partial<Put & UpdateAction & Delete & ConditionCheck> = entry[kind] ?? {};
  refuseMixedParameters(kind === 'Update' ? 'UpdateItem' : 'PutItem', action);
  const expressions = readWriteExpressions(action);
  const key = readItem(kind === 'Put' ? action.Item : action.Key);
  if (kind === 'Put') refuseOversized(key);
  return {
    ...expressions,
    kind,
    tableName: action.TableName ?? '',
    key,
    returnValuesOnConditionCheckFailure: action.ReturnValuesOnConditionCheckFailure,
  };
}

const actionKinds = ['ConditionCheck', 'Put', 'Delete', 'Update'] as const;

function performAll(targets: readonly Target[]): readonly Write[] {
  forEachAction(targets, ({ kind, table, key }) => {
    if (kind !== 'Put') return checkKey(table, key);
    checkKeyOfItem(table, key);
    return checkKeysOfIndexes(table, key);
  });
  refuseSameTargets(targets);
  refuseTooMuch(sum(targets, ({ key }) => itemSize(key)));
  const writes = forEachAction(targets, plan);
  refuseTooMuch(sum(writes, ({ after }) => (after ? itemSize(after) : 0)));
  for (const write of writes) commit(write);
  return writes;
}

function plan({ kind, table, key, update, ...options }: Target): Write {
  switch (kind) {
    case 'Put':
      return planPut(table, key, options);
    case 'Update':
      return planUpdate(table, key, update, options);
    case 'Delete':
      return planDelete(table, key, options);
    case 'ConditionCheck':
      return planCheck(table, key, options);
    default:
      return kind satisfies never;
  }
}

function sum<Element>(elements: readonly Element[], size: (element: Element) => number): number {
  return elements.reduce((total, element) => total + size(element), 0);
}
