import type { Operation } from '../../../service.ts';
import type { S3State } from '../state.ts';
import { listObjectVersions } from './list-object-versions.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';

export const listingOperations: Readonly<Record<string, Operation<S3State>>> = {
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
};
