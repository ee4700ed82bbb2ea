import type { Operation } from '../../../service.ts';
import type { DynamodbState } from '../state.ts';
import { transactGetItems } from './transact-get-items.ts';
import { transactWriteItems } from './transact-write-items.ts';

export const transactionOperations: Readonly<Record<string, Operation<DynamodbState>>> = {
  TransactGetItems: transactGetItems,
  TransactWriteItems: transactWriteItems,
};
