import type { AccessControlPolicy, Permission } from '@aws-sdk/client-s3';
import type { RequestHead } from '../../../protocols/protocol.ts';
import { bucketAddress } from '../bucket-address.ts';
import { allUsers } from '../configuration/acl-grants.ts';
import { takesAcls } from '../configuration/given-acl.ts';
import { isPublicPolicy } from '../configuration/policy-document.ts';
import { verdictForEverybody, type Verdict } from '../configuration/policy-verdict.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { needsOf, type Need } from './needs.ts';

/**
 * Whether an operation is open to a request that nobody signed: by the bucket's policy, by its ACL or by that of
 * the object, as far as the public access block lets them count. A policy that denies outweighs all that allow
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html and
 * "How Amazon S3 authorizes a request"). What is in no bucket is said to be so.
 */
export function admitsAnonymous(state: S3State, request: RequestHead, operation: string): boolean {
  const name = bucketAddress(request).labels['Bucket'];
  if (name === undefined || operation === 'CreateBucket') return false;
  const bucket = state.buckets.get(name);
  if (!bucket) return true;
  const needs = needsOf(state, bucket, request, operation);
  return needs !== undefined && needs.every((need) => isOpen(need));
}

/** Whether everybody may put an object under a key, as forms without a signature do. */
export function admitsAnonymousPut(bucket: BucketRecord, key: string): boolean {
  return isOpen({
    bucket,
    action: 's3:PutObject',
    resource: `${bucket.arn}/${key}`,
    acl: bucket.configuration.acl,
    grants: ['WRITE'],
  });
}

function isOpen(need: Need): boolean {
  const { bucket } = need;
  const { publicAccessBlock } = bucket.configuration;
  const policy = bucket.configuration.policy?.document;
  let verdict: Verdict = 'undecided';
  if (policy) {
    // Nobody outside the account gets in while a policy that is public is restricted.
    if (publicAccessBlock?.RestrictPublicBuckets && isPublicPolicy(policy)) return false;
    verdict = verdictForEverybody(policy, need.action, need.resource);
  }
  if (verdict !== 'undecided') return verdict === 'allowed';
  return takesAcls(bucket) && !publicAccessBlock?.IgnorePublicAcls && isGranted(need);
}

function isGranted({ acl, grants }: Need): boolean {
  const list = (acl as AccessControlPolicy | undefined)?.Grants ?? [];
  const counting: readonly (Permission | undefined)[] = [...grants, 'FULL_CONTROL'];
  return (
    grants.length > 0 &&
    list.some(
      ({ Grantee: grantee, Permission: permission }) => grantee?.URI === allUsers && counting.includes(permission),
    )
  );
}
