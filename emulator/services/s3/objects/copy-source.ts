import { AwsError } from '../../../service.ts';
import { findBucket, invalidArgument, invalidRequest, preconditionFailed } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { failedCondition } from './conditions.ts';
import { checkReadKey } from './encryption.ts';
import { findVersion } from './find-version.ts';
import type { ObjectVersion } from './object-version.ts';

/** The members of CopyObject's and UploadPartCopy's inputs that are about the source. */
export interface CopySourceInput {
  readonly CopySource?: string | undefined;
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
  readonly CopySourceSSECustomerAlgorithm?: string | undefined;
  readonly CopySourceSSECustomerKey?: string | undefined;
  readonly CopySourceSSECustomerKeyMD5?: string | undefined;
}

/** What is copied. */
export interface CopySource {
  readonly bucket: BucketRecord;
  readonly version: ObjectVersion;
  /** As the request asked for it. */
  readonly versionId: string | undefined;
}

/**
 * Finds the source of a copy and holds it against the request's conditions.
 *
 * @throws AwsError NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidArgument, InvalidRequest, InvalidObjectState,
 *   PreconditionFailed, AccessDenied
 */
export function findCopySource(state: S3State, input: CopySourceInput): CopySource {
  const { bucketName, key, versionId } = parseCopySource(input.CopySource ?? '');
  const bucket = findBucket({ ...state, region: state.buckets.get(bucketName)?.region ?? state.region }, bucketName);
  const version = findSourceVersion(bucket, key, versionId);
  if (version.storageClass === 'GLACIER' || version.storageClass === 'DEEP_ARCHIVE') {
    throw new AwsError('InvalidObjectState', "Operation is not valid for the source object's storage class", {
      statusCode: 403,
      members: { StorageClass: version.storageClass },
    });
  }
  checkReadKey(version.encryption, {
    SSECustomerAlgorithm: input.CopySourceSSECustomerAlgorithm,
    SSECustomerKey: input.CopySourceSSECustomerKey,
    SSECustomerKeyMD5: input.CopySourceSSECustomerKeyMD5,
  });
  const failed = failedCondition(
    version,
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    state.clock.now(),
  );
  if (failed !== undefined) throw preconditionFailed(`x-amz-copy-source-${failed}`);
  return { bucket, version, versionId };
}

/**
 * Reads the header `x-amz-copy-source`: `bucket/key`, URL-encoded, with or without a slash before, maybe with
 * `?versionId=…` behind.
 *
 * @throws AwsError InvalidArgument
 */
export function parseCopySource(header: string): {
  readonly bucketName: string;
  readonly key: string;
  readonly versionId: string | undefined;
} {
  const [, encoded = '', versionId] = /^(.*?)(?:\?versionId=(.*))?$/s.exec(header) ?? [];
  const path = decode(encoded, header).replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash <= 0) {
    const message = 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey';
    throw invalidArgument('x-amz-copy-source', header, message);
  }
  const key = path.slice(slash + 1);
  if (key === '') throw invalidArgument('x-amz-copy-source', header, 'Invalid copy source object key');
  return { bucketName: path.slice(0, slash), key, versionId };
}

function findSourceVersion(bucket: BucketRecord, key: string, versionId: string | undefined): ObjectVersion {
  if (versionId !== undefined && bucket.objects.find(key, versionId)?.deleteMarker) {
    throw invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.');
  }
  return findVersion(bucket, key, versionId, 'GET');
}

function decode(text: string, header: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidArgument('x-amz-copy-source', header, 'Invalid copy source encoding');
  }
}
