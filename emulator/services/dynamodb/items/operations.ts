import type { Operation } from '../../../service.ts';
import type { DynamodbState } from '../state.ts';
import { batchGetItem } from './batch-get-item.ts';
import { batchWriteItem } from './batch-write-item.ts';
import { deleteItemOperation } from './delete-item.ts';
import { getItemOperation } from './get-item.ts';
import { putItemOperation } from './put-item.ts';
import { updateItemOperation } from './update-item.ts';

export const itemOperations: Readonly<Record<string, Operation<DynamodbState>>> = {
  PutItem: putItemOperation,
  GetItem: getItemOperation,
  UpdateItem: updateItemOperation,
  DeleteItem: deleteItemOperation,
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
};
