import type { AccessControlPolicy } from '@aws-sdk/client-s3';
import { AwsError } from '../../../service.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { aclFromHeaders, checkedGroup, checkedId, isPublic, privateAcl, type AclHeaders } from './acl-grants.ts';

/**
 * The ACL that a PutBucketAcl or a PutObjectAcl gives, by its headers or its body, when the bucket lets it.
 *
 * @throws AwsError as PutBucketAcl does
 */
export function aclOfRequest(
  state: S3State,
  bucket: BucketRecord,
  headers: AclHeaders,
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
  if (!takesAcls(bucket)) throw noAcls();
  checkNotBlocked(bucket, acl);
  return acl;
}

/**
 * The ACL that the headers of a write give the new object; undefined for the default one.
 *
 * @throws AwsError AccessControlListNotSupported, AccessDenied, InvalidArgument, InvalidRequest
 */
export function aclOfWrite(state: S3State, bucket: BucketRecord, headers: AclHeaders): AccessControlPolicy | undefined {
  // S3's own list for objects is shorter than the one for buckets.
  if (headers.ACL === 'log-delivery-write') throw invalidArgument('x-amz-acl', headers.ACL, '');
  const acl = aclFromHeaders(headers, state.account);
  if (!acl) return undefined;
  if (!takesAcls(bucket)) {
    // These two say what is so anyway.
    if (headers.ACL === 'bucket-owner-full-control' || headers.ACL === 'private') return undefined;
    throw noAcls();
  }
  checkNotBlocked(bucket, acl);
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

function noAcls(): AwsError {
  return new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs', { statusCode: 400 });
}

function checkNotBlocked(bucket: BucketRecord, acl: AccessControlPolicy): void {
  if (bucket.configuration.publicAccessBlock?.BlockPublicAcls && isPublic(acl)) {
    throw new AwsError('AccessDenied', 'Access Denied', { statusCode: 403 });
  }
}
