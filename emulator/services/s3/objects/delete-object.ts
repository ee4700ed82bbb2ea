import type { DeleteObjectOutput, DeleteObjectRequest } from '@aws-sdk/client-s3';
import { emptyBody } from '../bodies/body-store.ts';
import { AwsError } from '../../../service.ts';
import { findBucket, noSuchKey, preconditionFailed } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { matches } from './conditions.ts';
import { checkKey } from './object-key.ts';
import { checkUnlocked } from './object-lock.ts';
import type { ObjectVersion } from './object-version.ts';
import { storeVersion, timeOfChange } from './store-version.ts';
import { checkVersionId, nullVersion } from './version-ids.ts';

/**
 * Removes a version, or puts a delete marker over all of them where the bucket is versioned. What is not
 * there is no error.
 *
 * @throws AwsError InvalidArgument, AccessDenied, NoSuchKey, PreconditionFailed, NotImplemented
 */
export function deleteObject(state: S3State, input: DeleteObjectRequest): DeleteObjectOutput {
  const bucket = findBucket(state, input.Bucket);
  const key = input.Key ?? '';
  checkKey(key);
  checkBypass(bucket, input.BypassGovernanceRetention);
  checkVersionId(input.VersionId);
  const conditions = {
    etag: input.IfMatch,
    lastModified: input.IfMatchLastModifiedTime,
    size: input.IfMatchSize,
  };
  const { deleteMarker, versionId } = deleteVersion(state, bucket, {
    key,
    versionId: input.VersionId,
    bypass: input.BypassGovernanceRetention ?? false,
    conditions,
  });
  return {
    ...(deleteMarker && { DeleteMarker: true }),
    ...(versionId !== undefined && { VersionId: versionId }),
  };
}

/** What a deletion is held against. */
export interface DeleteConditions {
  readonly etag: string | undefined;
  readonly lastModified: Date | undefined;
  readonly size: number | undefined;
}

/** What a deletion did. */
export interface Deletion {
  /** Whether it removed or made a delete marker. */
  readonly deleteMarker: boolean;
  /** Of the version that was removed or made; undefined where the bucket has no versions. */
  readonly versionId: string | undefined;
}

/** One version, or the newest one. */
export interface DeletionTarget {
  readonly key: string;
  readonly versionId: string | undefined;
  /** Whether retention in governance mode does not count. */
  readonly bypass: boolean;
  readonly conditions: DeleteConditions;
}

/** @throws AwsError AccessDenied, NoSuchKey, PreconditionFailed, NotImplemented */
export function deleteVersion(state: S3State, bucket: BucketRecord, target: DeletionTarget): Deletion {
  const { key, versionId, bypass } = target;
  checkDeleteConditions(bucket, target);
  if (versionId === undefined && bucket.versioning !== 'Disabled') {
    const marker = storeVersion(bucket, deleteMarker(key, timeOfChange(state)));
    return { deleteMarker: true, versionId: marker.versionId };
  }
  const removedId = versionId ?? nullVersion;
  const version = bucket.objects.find(key, removedId);
  if (version) checkUnlocked(state, version, bypass);
  bucket.objects.remove(key, removedId)?.body.release();
  return {
    deleteMarker: version?.deleteMarker ?? false,
    versionId: bucket.versioning === 'Disabled' ? undefined : versionId,
  };
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html: only the current version
 * is looked at; its size and time are conditions for directory buckets.
 *
 * @throws AwsError NoSuchKey, PreconditionFailed, NotImplemented
 */
function checkDeleteConditions(
  bucket: BucketRecord,
  { key, versionId, conditions }: Pick<DeletionTarget, 'key' | 'versionId' | 'conditions'>,
): void {
  const { etag, lastModified, size } = conditions;
  if (lastModified) throw conditionNotImplemented('x-amz-if-match-last-modified-time');
  if (size !== undefined) throw conditionNotImplemented('x-amz-if-match-size');
  if (etag === undefined) return;
  if (versionId !== undefined) throw conditionNotImplemented('If-Match');
  const [newest] = bucket.objects.versions(key);
  if (!newest) throw noSuchKey(key);
  if (newest.deleteMarker || !matches(etag, newest.etag)) throw preconditionFailed('If-Match');
}

function conditionNotImplemented(header: string): AwsError {
  return new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
    statusCode: 501,
    members: { Header: header },
  });
}

/** @throws AwsError InvalidArgument */
export function checkBypass({ objectLockEnabled }: BucketRecord, bypass: boolean | undefined): void {
  if (bypass === undefined || objectLockEnabled) return;
  throw new AwsError(
    'InvalidArgument',
    'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    { statusCode: 400, members: { ArgumentName: 'x-amz-bypass-governance-retention' } },
  );
}

function deleteMarker(key: string, lastModified: number): Omit<ObjectVersion, 'versionId'> {
  return {
    key,
    deleteMarker: true,
    lastModified,
    body: emptyBody,
    etag: '',
    checksum: undefined,
    parts: undefined,
    headers: { ContentType: '' },
    metadata: {},
    storageClass: 'STANDARD',
    encryption: undefined,
    websiteRedirectLocation: undefined,
    tags: new Map(),
    acl: undefined,
    retention: undefined,
    legalHold: false,
  };
}
