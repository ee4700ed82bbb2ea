import type { GetItemInput } from '@aws-sdk/client-dynamodb';
import { describeConsumption, readUnits, tableConsumption } from '../capacity.ts';
import { refuseMixedParameters } from '../expressions/mixed-parameters.ts';
import { refuseNestedKeys } from '../reads/parameters.ts';
import type { DynamodbState } from '../state.ts';
import { findTable } from '../tables/lookup.ts';
import { itemSize } from '../values/size.ts';
import { inCurrentWording } from '../values/wording.ts';
import { readItem, readProjection } from './request.ts';
import { getItem } from './write.ts';

/**
 * GetItem: an item by its key, or the part of it that is asked for. Every read is consistent here.
 *
 * @throws AwsError ValidationException, ResourceNotFoundException
 */
export function getItemOperation(state: DynamodbState, input: GetItemInput): unknown {
  const { key, projection } = inCurrentWording(() => {
    refuseMixedParameters('GetItem', input);
    return { key: readItem(input.Key), projection: readProjection(input) };
  });
  const table = findTable(state, input.TableName ?? '');
  const item = getItem(table, key);
  refuseNestedKeys(table, projection);
  return {
    Item: item && projection ? projection.pick(item) : item,
    ConsumedCapacity:
      input.ReturnConsumedCapacity &&
      describeConsumption(
        input.ReturnConsumedCapacity,
        table,
        tableConsumption(readUnits(item ? itemSize(item) : 0, input.ConsistentRead ?? false)),
      ),
  };
}
