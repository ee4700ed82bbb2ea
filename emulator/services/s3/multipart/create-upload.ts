import { randomBytes } from 'node:crypto';
import type { CreateMultipartUploadOutput, CreateMultipartUploadRequest } from '@aws-sdk/client-s3';
import type { RequestContext } from '../../../service.ts';
import { findBucket } from '../errors.ts';
import { attributesOf } from '../objects/object-attributes.ts';
import { checkKey } from '../objects/object-key.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';
import { abortDate } from './abort-date.ts';
import { chosenChecksum } from './upload-checksum.ts';
import type { UploadRecord } from './upload-record.ts';

/**
 * CreateMultipartUpload: keeps what the object is to get, all but its content.
 *
 * @throws AwsError NoSuchBucket, KeyTooLongError, InvalidRequest, and those of the object's attributes
 */
export function createMultipartUpload(
  state: S3State,
  input: CreateMultipartUploadRequest,
  context: RequestContext,
): CreateMultipartUploadOutput {
  const key = input.Key ?? '';
  const bucket = findBucket(state, input.Bucket);
  checkKey(key);
  const checksum = chosenChecksum(input.ChecksumAlgorithm, input.ChecksumType);
  const attributes = attributesOf(state, bucket, input, context);
  // As long as S3's.
  const uploadId = randomBytes(96).toString('base64url');
  const existing = bucket.objects.current(key);
  const upload: UploadRecord = {
    uploadId,
    key,
    initiated: state.clock.now(),
    attributes,
    checksum,
    initiator: initiatorOf(context, state.account),
    existing: existing && new WeakRef(existing),
    parts: new Map(),
  };
  bucket.uploads.set(uploadId, upload);
  return {
    Bucket: bucket.name,
    Key: key,
    UploadId: uploadId,
    ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
    ...attributes.encryption,
    ...abortDate(bucket, upload),
  };
}

/** An account by its canonical user id, an IAM principal by its ARN. */
function initiatorOf({ caller }: RequestContext, account: string): string {
  return caller.arn.endsWith(':root') ? ownerOf(account).ID : caller.arn;
}
