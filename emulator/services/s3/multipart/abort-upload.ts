import type { AbortMultipartUploadRequest } from '@aws-sdk/client-s3';
import { findBucket } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { findUpload } from './find-upload.ts';
import type { UploadRecord } from './upload-record.ts';

/**
 * AbortMultipartUpload: frees the parts.
 *
 * @throws AwsError NoSuchBucket, NoSuchUpload
 */
export function abortMultipartUpload(state: S3State, input: AbortMultipartUploadRequest): void {
  const bucket = findBucket(state, input.Bucket);
  endUpload(bucket, findUpload(bucket, input.Key, input.UploadId));
}

/** Forgets an upload and frees its parts, as far as no object has their bytes. */
export function endUpload(bucket: BucketRecord, upload: UploadRecord): void {
  bucket.uploads.delete(upload.uploadId);
  for (const { body } of upload.parts.values()) body.release();
  upload.parts.clear();
}
