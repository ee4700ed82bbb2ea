import type {
  AccessControlPolicy,
  GetBucketAclOutput,
  GetBucketAclRequest,
  PutBucketAclRequest,
} from '@aws-sdk/client-s3';
import { AwsError, type Operation } from '../../../service.ts';
import { findBucket, invalidRequest } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { aclFromHeaders, checkedGroup, checkedId, isPublic, privateAcl } from './acl-grants.ts';

export const aclOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketAcl: putBucketAcl,
  GetBucketAcl: getBucketAcl,
};

/**
 * Keeps an ACL; nobody is allowed or denied anything by it.
 *
 * @throws AwsError NoSuchBucket, AccessControlListNotSupported, MissingSecurityHeader, UnexpectedContent,
 *   InvalidRequest, InvalidArgument, MalformedACLError; AccessDenied for a public one while those are blocked
 */
function putBucketAcl(state: S3State, input: PutBucketAclRequest): void {
  const bucket = findBucket(state, input.Bucket);
  bucket.configuration.acl = aclOf(state, bucket, input, input.AccessControlPolicy);
}

function getBucketAcl(state: S3State, input: GetBucketAclRequest): GetBucketAclOutput {
  const { acl } = findBucket(state, input.Bucket).configuration;
  return (acl as AccessControlPolicy | undefined) ?? privateAcl(state.account);
}

/**
 * The ACL that a PutBucketAcl or a PutObjectAcl gives, by its headers or its body, when the bucket lets it.
 *
 * @throws AwsError as PutBucketAcl does
 */
export function aclOf(
  state: S3State,
  bucket: BucketRecord,
  headers: Parameters<typeof aclFromHeaders>[0],
  body: AccessControlPolicy | undefined,
): AccessControlPolicy {
  const fromHeaders = aclFromHeaders(headers, state.account);
  if (fromHeaders && body) {
    throw new AwsError('UnexpectedContent', 'This request does not support content', { statusCode: 400 });
  }
  const acl = fromHeaders ?? (body && checkedAcl(body, state));
  if (!acl) {
    throw new AwsError('MissingSecurityHeader', 'Your request was missing a required header', {
      statusCode: 400,
      members: { MissingHeaderName: 'x-amz-acl' },
    });
  }
  if (!takesAcls(bucket)) {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs', { statusCode: 400 });
  }
  if (bucket.configuration.publicAccessBlock?.BlockPublicAcls && isPublic(acl)) {
    throw new AwsError('AccessDenied', 'Access Denied', { statusCode: 403 });
  }
  return acl;
}

/** Whether ACLs mean anything in it: not where the bucket's owner owns every object, as in new buckets. */
export function takesAcls({ configuration }: BucketRecord): boolean {
  return configuration.ownership?.Rules?.[0]?.ObjectOwnership !== 'BucketOwnerEnforced';
}

function checkedAcl({ Owner: owner, Grants: grants }: AccessControlPolicy, state: S3State): AccessControlPolicy {
  if (!owner || !grants) throw malformedAcl();
  checkedId(owner.ID ?? '');
  const own = privateAcl(state.account).Owner;
  if (owner.ID !== own?.ID) throw new AwsError('AccessDenied', 'Access Denied', { statusCode: 403 });
  if (grants.length > 100) throw invalidRequest('An ACL has 100 grants at most');
  for (const { Grantee: grantee, Permission: permission } of grants) {
    if (permission === undefined) throw malformedAcl();
    if (grantee?.Type === 'CanonicalUser') checkedId(grantee.ID ?? '');
    else if (grantee?.Type === 'Group') checkedGroup(grantee.URI ?? '');
    else throw malformedAcl();
  }
  return { Owner: { ID: owner.ID }, Grants: grants };
}

function malformedAcl(): AwsError {
  return new AwsError(
    'MalformedACLError',
    'The XML you provided was not well-formed or did not validate against our published schema',
    { statusCode: 400 },
  );
}
