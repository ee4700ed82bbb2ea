import type {
  DeleteBucketRequest,
  GetBucketLocationOutput,
  GetBucketLocationRequest,
  HeadBucketOutput,
  HeadBucketRequest,
} from '@aws-sdk/client-s3';
import { AwsError, type Operation } from '../../../service.ts';
import { bucketAnywhere, findBucket } from '../errors.ts';
import type { S3State } from '../state.ts';
import { createBucket } from './create-bucket.ts';
import { listBuckets } from './list-buckets.ts';

export const bucketOperations: Readonly<Record<string, Operation<S3State>>> = {
  CreateBucket: createBucket,
  DeleteBucket: deleteBucket,
  GetBucketLocation: getBucketLocation,
  HeadBucket: headBucket,
  ListBuckets: listBuckets,
};

/** @throws AwsError NoSuchBucket; without a body, so that SDKs make NotFound of it */
function headBucket(state: S3State, input: HeadBucketRequest): HeadBucketOutput {
  const { arn, region } = findBucket(state, input.Bucket);
  return { BucketArn: arn, BucketRegion: region, AccessPointAlias: false };
}

/**
 * @throws AwsError NoSuchBucket; BucketNotEmpty, also where nothing is left but old versions or delete
 *   markers. Uploads in progress go with the bucket.
 */
function deleteBucket(state: S3State, input: DeleteBucketRequest): void {
  const bucket = findBucket(state, input.Bucket);
  if (bucket.objects.size > 0) {
    const message =
      bucket.versioning === 'Disabled'
        ? 'The bucket you tried to delete is not empty'
        : 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
    throw new AwsError('BucketNotEmpty', message, { statusCode: 409, members: { BucketName: bucket.name } });
  }
  for (const upload of bucket.uploads.values()) for (const part of upload.parts.values()) part.body.release();
  state.buckets.delete(bucket.name);
}

/** Answered at every region's endpoint, empty for us-east-1. */
function getBucketLocation(state: S3State, input: GetBucketLocationRequest): GetBucketLocationOutput {
  const constraint = bucketAnywhere(state, input.Bucket).locationConstraint;
  return { LocationConstraint: constraint as GetBucketLocationOutput['LocationConstraint'] };
}
