import type { Operation } from '../../../service.ts';
import type { S3State } from '../state.ts';
import { deleteObject } from './delete-object.ts';
import { getObject, headObject } from './get-object.ts';
import { putObject } from './put-object.ts';

export const objectOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: headObject,
  DeleteObject: deleteObject,
};
