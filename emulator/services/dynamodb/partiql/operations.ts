import type { Operation } from '../../../service.ts';
import type { DynamodbState } from '../state.ts';
import { batchExecuteStatement } from './batch-execute-statement.ts';
import { executeStatement } from './execute-statement.ts';
import { executeTransaction } from './execute-transaction.ts';

/** PartiQL, the statements that look like SQL. */
export const partiqlOperations: Readonly<Record<string, Operation<DynamodbState>>> = {
  BatchExecuteStatement: batchExecuteStatement,
  ExecuteStatement: executeStatement,
  ExecuteTransaction: executeTransaction,
};
