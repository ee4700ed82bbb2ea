import type {
  DeleteBucketTaggingRequest,
  GetBucketTaggingOutput,
  GetBucketTaggingRequest,
  PutBucketTaggingRequest,
} from '@aws-sdk/client-s3';
import { httpStatus } from '../../../protocols/protocol.ts';
import type { Operation } from '../../../service.ts';
import { findBucket, notConfigured } from '../errors.ts';
import type { S3State } from '../state.ts';
import { tagsOf } from './tag-set.ts';

export const taggingOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketTagging: putBucketTagging,
  GetBucketTagging: getBucketTagging,
  DeleteBucketTagging: deleteBucketTagging,
};

/** @throws AwsError NoSuchBucket, InvalidTag, BadRequest */
function putBucketTagging(state: S3State, input: PutBucketTaggingRequest): object {
  const bucket = findBucket(state, input.Bucket);
  const tags = tagsOf(input.Tagging?.TagSet ?? []);
  bucket.configuration.tags = tags.size === 0 ? undefined : tags;
  return { [httpStatus]: 204 };
}

/** @throws AwsError NoSuchBucket, NoSuchTagSet */
function getBucketTagging(state: S3State, input: GetBucketTaggingRequest): GetBucketTaggingOutput {
  const bucket = findBucket(state, input.Bucket);
  const { tags } = bucket.configuration;
  if (!tags) throw notConfigured('NoSuchTagSet', 'The TagSet does not exist', bucket);
  return { TagSet: [...tags].map(([Key, Value]) => ({ Key, Value })) };
}

function deleteBucketTagging(state: S3State, input: DeleteBucketTaggingRequest): void {
  findBucket(state, input.Bucket).configuration.tags = undefined;
}
