import type {
  AccessControlPolicy,
  GetBucketAclOutput,
  GetBucketAclRequest,
  PutBucketAclRequest,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../../service.ts';
import { findBucket } from '../errors.ts';
import type { S3State } from '../state.ts';
import { privateAcl } from './acl-grants.ts';
import { aclOfRequest } from './given-acl.ts';

export const aclOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketAcl: putBucketAcl,
  GetBucketAcl: getBucketAcl,
};

/**
 * Keeps an ACL; it counts for anonymous requests only.
 *
 * @throws AwsError NoSuchBucket, AccessControlListNotSupported, MissingSecurityHeader, UnexpectedContent,
 *   InvalidRequest, InvalidArgument, MalformedACLError; AccessDenied for a public one while those are blocked
 */
function putBucketAcl(state: S3State, input: PutBucketAclRequest): void {
  const bucket = findBucket(state, input.Bucket);
  bucket.configuration.acl = aclOfRequest(state, bucket, input, input.AccessControlPolicy);
}

function getBucketAcl(state: S3State, input: GetBucketAclRequest): GetBucketAclOutput {
  const { acl } = findBucket(state, input.Bucket).configuration;
  return (acl as AccessControlPolicy | undefined) ?? privateAcl(state.account);
}
