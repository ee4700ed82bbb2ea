import type { Operation } from '../../../service.ts';
import type { S3State } from '../state.ts';

export const listingOperations: Readonly<Record<string, Operation<S3State>>> = {};
