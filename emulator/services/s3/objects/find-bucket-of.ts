import { findBucket } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';

/**
 * The bucket that an operation's input names; whose it is expected to be has been checked before.
 *
 * @throws AwsError NoSuchBucket, PermanentRedirect
 */
export function findBucketOf(state: S3State, { Bucket }: { readonly Bucket?: string | undefined }): BucketRecord {
  return findBucket(state, Bucket);
}
