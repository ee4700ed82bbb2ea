import type { Operation } from '../../../service.ts';
import type { DynamodbState } from '../state.ts';
import { query } from './query.ts';
import { scan } from './scan.ts';

/** What reads many items at once, page by page. */
export const readOperations: Readonly<Record<string, Operation<DynamodbState>>> = { Query: query, Scan: scan };
