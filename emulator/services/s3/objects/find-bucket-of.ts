import { AwsError } from '../../../service.ts';
import { findBucket } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';

/**
 * The bucket that a request names, if it is the expected owner's.
 *
 * @throws AwsError NoSuchBucket, PermanentRedirect; AccessDenied when another owner is expected; InvalidBucketOwnerAWSAccountID
 */
export function findBucketOf(
  state: S3State,
  {
    Bucket,
    ExpectedBucketOwner,
  }: { readonly Bucket?: string | undefined; readonly ExpectedBucketOwner?: string | undefined },
): BucketRecord {
  const bucket = findBucket(state, Bucket);
  checkOwner(state, ExpectedBucketOwner, 'x-amz-expected-bucket-owner');
  return bucket;
}

/** @throws AwsError AccessDenied; InvalidBucketOwnerAWSAccountID for what is no account's id */
export function checkOwner(state: S3State, expected: string | undefined, header: string): void {
  if (expected === undefined || expected === state.account) return;
  if (!/^\d{12}$/.test(expected)) {
    throw new AwsError(
      'InvalidBucketOwnerAWSAccountID',
      `The value of the ${header} header must be an AWS account ID.`,
      { statusCode: 400 },
    );
  }
  throw new AwsError('AccessDenied', 'Access Denied', { statusCode: 403 });
}
