import type { DeleteObjectOutput, DeleteObjectRequest } from '@aws-sdk/client-s3';
import { emptyBody } from '../bodies/body-store.ts';
import { invalidArgument, preconditionFailed } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { matches } from './conditions.ts';
import { findBucketOf } from './find-bucket-of.ts';
import { checkUnlocked } from './object-lock.ts';
import type { ObjectVersion } from './object-version.ts';
import { storeVersion, timeOfChange } from './store-version.ts';
import { checkVersionId, nullVersion } from './version-ids.ts';

/**
 * Removes a version, or puts a delete marker over all of them where the bucket is versioned. What is not
 * there is no error.
 *
 * @throws AwsError InvalidArgument, AccessDenied, PreconditionFailed
 */
export function deleteObject(state: S3State, input: DeleteObjectRequest): DeleteObjectOutput {
  const bucket = findBucketOf(state, input);
  const key = input.Key ?? '';
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

/** @throws AwsError AccessDenied, PreconditionFailed */
export function deleteVersion(
  state: S3State,
  bucket: BucketRecord,
  {
    key,
    versionId,
    bypass,
    conditions,
  }: {
    readonly key: string;
    readonly versionId: string | undefined;
    /** Whether retention in governance mode counts not. */
    readonly bypass: boolean;
    readonly conditions: DeleteConditions;
  },
): Deletion {
  const wanted = versionId === undefined ? bucket.objects.versions(key)[0] : bucket.objects.find(key, versionId);
  checkDeleteConditions(wanted, conditions);
  if (versionId !== undefined || bucket.versioning === 'Disabled') {
    const target = wanted ?? undefined;
    if (target && !target.deleteMarker) checkUnlocked(state, target, bypass);
    const removed = bucket.objects.remove(key, versionId ?? nullVersion);
    removed?.body.release();
    return { deleteMarker: removed?.deleteMarker ?? false, versionId };
  }
  const marker = storeVersion(bucket, deleteMarker(key, timeOfChange(state)));
  return { deleteMarker: true, versionId: marker.versionId };
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
 *
 * @throws AwsError PreconditionFailed
 */
function checkDeleteConditions(
  version: ObjectVersion | undefined,
  { etag, lastModified, size }: DeleteConditions,
): void {
  const exists = version !== undefined && !version.deleteMarker;
  // A missing object is gone already, unless one is asked to be sure that there is any.
  if (!exists) {
    if (etag !== undefined && etag !== '*') return;
    if (etag === '*') throw preconditionFailed('If-Match');
    return;
  }
  if (etag !== undefined && !matches(etag, version.etag)) throw preconditionFailed('If-Match');
  if (lastModified && Math.floor(version.lastModified / 1000) !== Math.floor(lastModified.getTime() / 1000)) {
    throw preconditionFailed('x-amz-if-match-last-modified-time');
  }
  if (size !== undefined && size !== version.body.size) throw preconditionFailed('x-amz-if-match-size');
}

/** @throws AwsError InvalidArgument */
export function checkBypass({ objectLockEnabled }: BucketRecord, bypass: boolean | undefined): void {
  if (bypass === undefined || objectLockEnabled) return;
  throw invalidArgument(
    'x-amz-bypass-governance-retention',
    String(bypass),
    'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
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
