import type { Operation } from '../../../service.ts';
import type { DynamodbState } from '../state.ts';

export const itemOperations: Readonly<Record<string, Operation<DynamodbState>>> = {};
