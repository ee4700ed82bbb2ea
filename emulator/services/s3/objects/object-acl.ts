import type {
  AccessControlPolicy,
  GetObjectAclOutput,
  GetObjectAclRequest,
  PutObjectAclRequest,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../../../service.ts';
import { findBucket } from '../errors.ts';
import { privateAcl } from '../configuration/acl-grants.ts';
import { aclOfRequest } from '../configuration/given-acl.ts';
import type { S3State } from '../state.ts';
import { findDescribedVersion, findVersion } from './find-version.ts';

/** @throws AwsError NoSuchKey, NoSuchVersion, MethodNotAllowed */
export function getObjectAcl(
  state: S3State,
  input: GetObjectAclRequest,
  { request }: Pick<RequestContext, 'request'>,
): GetObjectAclOutput {
  const bucket = findBucket(state, input.Bucket);
  // Unlike the other descriptions, S3 tells of a delete marker here as GetObject does.
  const { acl } = findVersion(bucket, input.Key ?? '', input.VersionId, request.method);
  return (acl as AccessControlPolicy | undefined) ?? privateAcl(state.account);
}

/** @throws AwsError as PutBucketAcl does; NoSuchKey, NoSuchVersion, MethodNotAllowed */
export function putObjectAcl(
  state: S3State,
  input: PutObjectAclRequest,
  { request }: Pick<RequestContext, 'request'>,
): Record<string, never> {
  const bucket = findBucket(state, input.Bucket);
  const version = findDescribedVersion(bucket, input.Key ?? '', input.VersionId, request.method);
  version.acl = aclOfRequest(state, bucket, input, input.AccessControlPolicy);
  return {};
}
