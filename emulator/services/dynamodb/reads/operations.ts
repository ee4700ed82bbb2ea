import type { Operation } from '../../../service.ts';
import type { DynamodbState } from '../state.ts';
import { inCurrentWording } from '../values/wording.ts';
import { query } from './query.ts';
import { scan } from './scan.ts';

/** What reads many items at once, page by page. Of a wrong value, only Query tells in the current wording. */
export const readOperations: Readonly<Record<string, Operation<DynamodbState>>> = {
  Query: (state, input) => inCurrentWording(() => query(state, input)),
  Scan: scan,
};
