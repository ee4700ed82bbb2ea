import type { BatchWriteItemInput, ConsumedCapacity, WriteRequest } from '@aws-sdk/client-dynamodb';
import { addConsumption, type Consumption, describeConsumption, writeConsumption } from '../capacity.ts';
import type { DynamodbState } from '../state.ts';
import { findTable } from '../tables/lookup.ts';
import { invalid } from '../refusals.ts';
import { refuseMalformedNames } from '../tables/table-names.ts';
import type { TableRecord } from '../tables/table-record.ts';
import type { Item } from '../values/attribute-value.ts';
import { requestAsJava } from './batch-as-java.ts';
import { checkKeysOfIndexes } from './index-keys.ts';
import { describeCollections } from './item-collections.ts';
import { checkKey, checkKeyOfBatchedItem, keyText } from './keys.ts';
import { readItem, refuseOversized } from './request.ts';
import { commit, type Write } from './write.ts';

/**
 * BatchWriteItem: up to 25 puts and deletes, of any tables. All of them are checked before one is done.
 * 25 items of 400 KB are less than the 16 MB of a request, so nothing is ever left unprocessed.
 *
 * @throws AwsError ValidationException, ResourceNotFoundException
 */
export function batchWriteItem(state: DynamodbState, input: BatchWriteItemInput): unknown {
  const requests = readRequests(input.RequestItems ?? {});
  const tables = requests.map(({ name, actions }) => {
    const table = findTable(state, name);
    checkActions(table, actions);
    return { table, actions };
  });
  const writes: Write[] = [];
  const consumed: ConsumedCapacity[] = [];
  for (const { table, actions } of tables) {
    let consumption: Consumption = { table: 0, indexes: new Map() };
    for (const { key, after } of actions) {
      const write = commit({ table, key, before: table.store.get(key), after });
      writes.push(write);
      consumption = addConsumption(consumption, writeConsumption(table, write.before, write.after));
    }
    const capacity = describeConsumption(input.ReturnConsumedCapacity, table, consumption);
    if (capacity) consumed.push(capacity);
  }
  return {
    UnprocessedItems: {},
    ItemCollectionMetrics: describeCollections(input.ReturnItemCollectionMetrics, writes),
    ConsumedCapacity: consumed.length > 0 ? consumed : undefined,
  };
}

/** A put, or a delete, which leaves nothing. */
interface Action {
  readonly key: Item;
  readonly after: Item | undefined;
}

function readRequests(
  wire: Readonly<Record<string, readonly WriteRequest[]>>,
): readonly { readonly name: string; readonly actions: readonly Action[] }[] {
  refuseMalformedNames(Object.keys(wire), () => requestAsJava(wire));
  let count = 0;
  return Object.entries(wire).map(([name, requests]) => {
    const actions = requests.map(readAction);
    count += actions.length;
    if (count > 25) throw invalid('Too many items requested for the BatchWriteItem call');
    return { name, actions };
  });
}

function readAction({ PutRequest: put, DeleteRequest: removal }: WriteRequest): Action {
  if ((put === undefined) === (removal === undefined)) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (removal) return { key: readItem(removal.Key), after: undefined };
  const item = readItem(put?.Item);
  refuseOversized(item);
  return { key: item, after: item };
}

function checkActions(table: TableRecord, actions: readonly Action[]): void {
  const seen = new Set<string>();
  for (const { key, after } of actions) {
    if (after) {
      checkKeyOfBatchedItem(table, after);
      checkKeysOfIndexes(table, after);
    } else checkKey(table, key);
    if (seen.size === seen.add(keyText(table, key)).size) {
      throw invalid('Provided list of item keys contains duplicates');
    }
  }
}
