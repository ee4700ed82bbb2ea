import type { Operation } from '../../../service.ts';
import type { S3State } from '../state.ts';
import { abortMultipartUpload } from './abort-upload.ts';
import { completeMultipartUpload } from './complete-upload.ts';
import { createMultipartUpload } from './create-upload.ts';
import { listParts } from './list-parts.ts';
import { listMultipartUploads } from './list-uploads.ts';
import { uploadPartCopy } from './upload-part-copy.ts';
import { uploadPart } from './upload-part.ts';

export const multipartOperations: Readonly<Record<string, Operation<S3State>>> = {
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CreateMultipartUpload: createMultipartUpload,
  ListMultipartUploads: listMultipartUploads,
  ListParts: listParts,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
};
