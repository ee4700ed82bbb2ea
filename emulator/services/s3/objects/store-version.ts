import { noSuchBucket } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import type { ObjectVersion } from './object-version.ts';
import { nextVersionId, nullVersion } from './version-ids.ts';

/**
 * Makes a version the newest one of its key. In a bucket whose versioning is not enabled it replaces the
 * `null` version, whose body is released
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html).
 *
 * @param version all but what is decided here; its body is the bucket's from now on
 */
export function storeVersion(bucket: BucketRecord, version: Omit<ObjectVersion, 'versionId'>): ObjectVersion {
  const versionId = nextVersionId(bucket);
  const stored: ObjectVersion = { ...version, versionId };
  if (versionId === nullVersion) bucket.objects.remove(version.key, nullVersion)?.body.release();
  bucket.objects.add(stored);
  return stored;
}

/** Refuses to go on with a bucket that was deleted while a body came in. */
export function checkBucketStillThere(state: S3State, bucket: BucketRecord): void {
  if (state.buckets.get(bucket.name) !== bucket) throw noSuchBucket(bucket.name);
}

/** The member and header `x-amz-version-id` of a version that is read: only where there is versioning. */
export function answeredVersionId(bucket: BucketRecord, version: ObjectVersion): { readonly VersionId?: string } {
  return bucket.versioning === 'Disabled' ? {} : { VersionId: version.versionId };
}

/** Milliseconds, at a whole second: S3 keeps times no finer. */
export function timeOfChange({ clock }: Pick<S3State, 'clock'>): number {
  return Math.floor(clock.now() / 1000) * 1000;
}
