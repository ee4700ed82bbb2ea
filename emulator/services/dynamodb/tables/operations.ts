import type { Operation } from '../../../service.ts';
import type { DynamodbState } from '../state.ts';

export const tableOperations: Readonly<Record<string, Operation<DynamodbState>>> = {};
