import type { BatchGetItemInput, ConsumedCapacity, KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { describeConsumption, readUnits, tableConsumption } from '../capacity.ts';
import { refuseMixedParameters } from '../expressions/mixed-parameters.ts';
import type { Projection } from '../expressions/projection.ts';
import { refuseNestedKeys } from '../reads/parameters.ts';
import type { DynamodbState } from '../state.ts';
import { findTable } from '../tables/lookup.ts';
import { invalid } from '../refusals.ts';
import { refuseMalformedNames } from '../tables/table-names.ts';
import type { TableRecord } from '../tables/table-record.ts';
import type { Item } from '../values/attribute-value.ts';
import { itemSize } from '../values/size.ts';
import { inCurrentWording } from '../values/wording.ts';
import { checkKey, keyText } from './keys.ts';
import { readItem, readProjection } from './request.ts';

/**
 * BatchGetItem: up to 100 items, of any tables, and up to 16 MB of them; the keys of the rest come back.
 *
 * @throws AwsError ValidationException, ResourceNotFoundException
 */
export function batchGetItem(state: DynamodbState, input: BatchGetItemInput): unknown {
  const requests = inCurrentWording(() => readRequests(input.RequestItems ?? {}));
  const reads = requests.map((request) => findKeys(state, request));
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, KeysAndAttributes> = {};
  const consumed: ConsumedCapacity[] = [];
  let room = maximumResponse;
  for (const { name, wire, keys, projection, table } of reads) {
    const items: Item[] = [];
    let units = 0;
    let done = 0;
    for (const key of keys) {
      const item = table.store.get(key);
      const size = item ? itemSize(item) : 0;
      if (size > room) {
        room = 0;
        break;
      }
      room -= size;
      done += 1;
      units += readUnits(size, wire.ConsistentRead ?? false);
      if (item) items.push(projection ? projection.pick(item) : item);
    }
    responses[name] = items;
    if (done < keys.length) unprocessed[name] = { ...wire, Keys: wire.Keys?.slice(done) };
    const capacity = describeConsumption(input.ReturnConsumedCapacity, table, tableConsumption(units));
    if (capacity) consumed.push(capacity);
  }
  return {
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ConsumedCapacity: consumed.length > 0 ? consumed : undefined,
  };
}

/** Bytes of items in one answer. */
const maximumResponse = 16 * 2 ** 20;

interface TableRequest {
  readonly name: string;
  readonly wire: KeysAndAttributes;
  readonly keys: readonly Item[];
  readonly projection: Projection | undefined;
}

function readRequests(wire: Readonly<Record<string, KeysAndAttributes>>): readonly TableRequest[] {
  refuseMalformedNames(Object.keys(wire), () => JSON.stringify(wire));
  const all = Object.entries(wire);
  const requests: TableRequest[] = [];
  let count = 0;
  for (const [name, request] of all) {
    refuseMixedParameters('BatchGetItem', request);
    const keys = (request.Keys ?? []).map((key) => readItem(key));
    count += keys.length;
    if (count > 100) throw invalid('Too many items requested for the BatchGetItem call');
    requests.push({ name, wire: request, keys, projection: readProjection(request) });
  }
  refuseMixedParameters('BatchGetItem', {
    ProjectionExpression: all.find(([, request]) => request.ProjectionExpression !== undefined)?.[1]
      .ProjectionExpression,
    AttributesToGet: all.find(([, request]) => request.AttributesToGet !== undefined)?.[1].AttributesToGet,
  });
  return requests;
}

function findKeys(state: DynamodbState, request: TableRequest): TableRequest & { readonly table: TableRecord } {
  const table = findTable(state, request.name);
  refuseNestedKeys(table, request.projection);
  const seen = new Set<string>();
  for (const key of request.keys) {
    checkKey(table, key);
    if (seen.size === seen.add(keyText(table, key)).size) {
      throw invalid('Provided list of item keys contains duplicates');
    }
  }
  return { ...request, table };
}
