import type {
  DeleteObjectTaggingOutput,
  DeleteObjectTaggingRequest,
  GetObjectTaggingOutput,
  GetObjectTaggingRequest,
  PutObjectTaggingOutput,
  PutObjectTaggingRequest,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../../../service.ts';
import { findBucket } from '../errors.ts';
import type { S3State } from '../state.ts';
import { findDescribedVersion } from './find-version.ts';
import { answeredVersionId } from './store-version.ts';
import { checkedTags } from './tags.ts';

/** @throws AwsError NoSuchKey, NoSuchVersion, MethodNotAllowed */
export function getObjectTagging(
  state: S3State,
  input: GetObjectTaggingRequest,
  { request }: Pick<RequestContext, 'request'>,
): GetObjectTaggingOutput {
  const bucket = findBucket(state, input.Bucket);
  const version = findDescribedVersion(bucket, input.Key ?? '', input.VersionId, request.method);
  return {
    TagSet: [...version.tags].map(([Key, Value]) => ({ Key, Value })),
    ...answeredVersionId(bucket, version),
  };
}

/** @throws AwsError InvalidTag, BadRequest, NoSuchKey, NoSuchVersion, MethodNotAllowed */
export function putObjectTagging(
  state: S3State,
  input: PutObjectTaggingRequest,
  { request }: Pick<RequestContext, 'request'>,
): PutObjectTaggingOutput {
  const bucket = findBucket(state, input.Bucket);
  const version = findDescribedVersion(bucket, input.Key ?? '', input.VersionId, request.method);
  const tagSet = input.Tagging?.TagSet ?? [];
  version.tags = checkedTags(tagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  return answeredVersionId(bucket, version);
}

/** @throws AwsError NoSuchKey, NoSuchVersion, MethodNotAllowed */
export function deleteObjectTagging(
  state: S3State,
  input: DeleteObjectTaggingRequest,
  { request }: Pick<RequestContext, 'request'>,
): DeleteObjectTaggingOutput {
  const bucket = findBucket(state, input.Bucket);
  const version = findDescribedVersion(bucket, input.Key ?? '', input.VersionId, request.method);
  version.tags = new Map();
  return answeredVersionId(bucket, version);
}
