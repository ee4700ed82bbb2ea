import type { AccessControlPolicy, Grant, Grantee, Permission } from '@aws-sdk/client-s3';
import { invalidArgument, invalidRequest, notImplemented } from '../errors.ts';
import { ownerOf } from '../owner.ts';

/** The headers that give an ACL, by their names in operations' inputs. */
export interface AclHeaders {
  readonly ACL?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWrite?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
}

/** What a bucket or an object has that nobody gave another: full control by the owner. */
export function privateAcl(account: string): AccessControlPolicy {
  const owner = ownerOf(account);
  return { Owner: owner, Grants: [{ Grantee: { ID: owner.ID, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }] };
}

/**
 * The ACL that headers give, canned or grant by grant
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl).
 *
 * @returns undefined when there is none of them
 * @throws AwsError InvalidRequest for both kinds at once; InvalidArgument
 */
export function aclFromHeaders(headers: AclHeaders, account: string): AccessControlPolicy | undefined {
  const granted = grantHeaders.flatMap(([member, permission, name]) => {
    const value = headers[member];
    return value === undefined
      ? []
      : parseGrantees(value, name).map((Grantee) => ({ Grantee, Permission: permission }));
  });
  const given = grantHeaders.some(([member]) => headers[member] !== undefined);
  if (headers.ACL === undefined) return given ? { Owner: ownerOf(account), Grants: granted } : undefined;
  if (given) throw invalidRequest('Specifying both Canned ACLs and Header Grants is not allowed');
  const acl = privateAcl(account);
  return { ...acl, Grants: [...(acl.Grants ?? []), ...cannedGrants(headers.ACL)] };
}

export const allUsers = 'http://acs.amazonaws.com/groups/global/AllUsers';
const authenticatedUsers = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
const logDelivery = 'http://acs.amazonaws.com/groups/s3/LogDelivery';

/** Whether it gives anything to everybody, or to everybody who has an AWS account. */
export function isPublic({ Grants }: AccessControlPolicy): boolean {
  return (Grants ?? []).some(({ Grantee: grantee }) => [allUsers, authenticatedUsers].includes(grantee?.URI ?? ''));
}

const grantHeaders = [
  ['GrantFullControl', 'FULL_CONTROL', 'x-amz-grant-full-control'],
  ['GrantRead', 'READ', 'x-amz-grant-read'],
  ['GrantReadACP', 'READ_ACP', 'x-amz-grant-read-acp'],
  ['GrantWrite', 'WRITE', 'x-amz-grant-write'],
  ['GrantWriteACP', 'WRITE_ACP', 'x-amz-grant-write-acp'],
] as const satisfies readonly (readonly [keyof AclHeaders, Permission, string])[];

function cannedGrants(acl: string): Grant[] {
  const group = (URI: string, ...permissions: Permission[]): Grant[] =>
    permissions.map((Permission) => ({ Grantee: { Type: 'Group', URI }, Permission }));
  switch (acl) {
    case 'private':
    // In one account the owner of the bucket and that of the object are the same.
    case 'bucket-owner-read':
    case 'bucket-owner-full-control':
      return [];
    case 'public-read':
      return group(allUsers, 'READ');
    case 'public-read-write':
      return group(allUsers, 'READ', 'WRITE');
    case 'authenticated-read':
      return group(authenticatedUsers, 'READ');
    case 'log-delivery-write':
      return group(logDelivery, 'WRITE', 'READ_ACP');
    case 'aws-exec-read':
      // EC2's own canonical user (https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html).
      return [{ Grantee: { Type: 'CanonicalUser', ID: ec2User }, Permission: 'READ' }];
    default:
      throw invalidArgument('x-amz-acl', acl, '');
  }
}

const ec2User = '6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c';

/** `id="…", uri="http://…"` in the header of the name */
function parseGrantees(header: string, name: string): Grantee[] {
  return header.split(',').map((part) => {
    const [, kind = '', value = ''] = /^\s*(\w+)\s*=\s*"?([^"]*?)"?\s*$/.exec(part) ?? [];
    switch (kind.toLowerCase()) {
      case 'id':
        return { Type: 'CanonicalUser', ID: checkedId(value, 'id') };
      case 'uri':
        return { Type: 'Group', URI: checkedGroup(value, 'uri') };
      case 'emailaddress':
        // Refused by AWS since October 2025, too.
        throw notImplemented('grants to e-mail addresses');
      default:
        throw invalidArgument(name, part.trim(), 'Argument format not recognized');
    }
  });
}

/**
 * @param argument what the refusal names: the element of an ACL's XML, or the kind of grantee in a header
 * @throws AwsError InvalidArgument
 */
export function checkedId(id: string, argument = 'CanonicalUser/ID'): string {
  if (/^[0-9a-f]{64}$/.test(id)) return id;
  throw invalidArgument(argument, id, 'Invalid id');
}

/**
 * @param argument what the refusal names: the element of an ACL's XML, or the kind of grantee in a header
 * @throws AwsError InvalidArgument
 */
export function checkedGroup(uri: string, argument = 'Group/URI'): string {
  if ([allUsers, authenticatedUsers, logDelivery].includes(uri)) return uri;
  throw invalidArgument(argument, uri, 'Invalid group uri');
}
