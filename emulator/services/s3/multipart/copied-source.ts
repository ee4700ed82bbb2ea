import type { UploadPartCopyRequest } from '@aws-sdk/client-s3';
import { findBucket, findObject, invalidArgument, invalidRequest, preconditionFailed } from '../errors.ts';
import { failedCondition } from '../objects/conditions.ts';
import { checkReadKey } from '../objects/encryption.ts';
import { checkOwner } from '../objects/find-bucket-of.ts';
import type { ObjectVersion } from '../objects/object-version.ts';
import { checkVersionId } from '../objects/version-ids.ts';
import type { BucketRecord, S3State } from '../state.ts';

/**
 * The version that the header `x-amz-copy-source` names, held against the conditions beside it.
 *
 * @throws AwsError InvalidArgument, InvalidRequest, NoSuchBucket, NoSuchKey, NoSuchVersion, AccessDenied,
 *   PreconditionFailed
 */
export function findCopiedSource(
  state: S3State,
  input: UploadPartCopyRequest,
): { readonly bucket: BucketRecord; readonly version: ObjectVersion } {
  const { bucketName, key, versionId } = readCopySource(input.CopySource ?? '');
  const bucket = findBucket(state, bucketName);
  checkOwner(state, input.ExpectedSourceBucketOwner, 'x-amz-source-expected-bucket-owner');
  checkVersionId(versionId);
  const version = findObject(bucket, key, versionId);
  if (version.deleteMarker) {
    throw invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.');
  }
  checkReadKey(version.encryption, {
    SSECustomerAlgorithm: input.CopySourceSSECustomerAlgorithm,
    SSECustomerKey: input.CopySourceSSECustomerKey,
    SSECustomerKeyMD5: input.CopySourceSSECustomerKeyMD5,
  });
  const conditions = {
    IfMatch: input.CopySourceIfMatch,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  };
  const failed = failedCondition(version, conditions, state.clock.now());
  if (failed !== undefined) throw preconditionFailed(`x-amz-copy-source-${failed}`);
  return { bucket, version };
}

/**
 * Reads `/bucket/key?versionId=id`; the slash in front may be missing, and the key is percent-encoded.
 *
 * @throws AwsError InvalidArgument
 */
export function readCopySource(header: string): {
  readonly bucketName: string;
  readonly key: string;
  readonly versionId: string | undefined;
} {
  const [, path = '', versionId] = /^(.*?)(?:\?versionId=([^&]*))?$/s.exec(header) ?? [];
  const decoded = decode(path, header).replace(/^\//, '');
  const slash = decoded.indexOf('/');
  if (slash <= 0 || slash === decoded.length - 1) throw invalidSource(header);
  return { bucketName: decoded.slice(0, slash), key: decoded.slice(slash + 1), versionId };
}

function decode(path: string, header: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidSource(header);
  }
}

function invalidSource(header: string): Error {
  const message = 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey';
  return invalidArgument('x-amz-copy-source', header, message);
}
