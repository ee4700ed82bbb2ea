import type { Operation } from '../../../service.ts';
import type { S3State } from '../state.ts';
import { versioningOperations } from './versioning.ts';

export const configurationOperations: Readonly<Record<string, Operation<S3State>>> = {
  ...versioningOperations,
};
