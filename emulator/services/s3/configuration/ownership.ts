import type {
  AccessControlPolicy,
  DeleteBucketOwnershipControlsRequest,
  GetBucketOwnershipControlsOutput,
  GetBucketOwnershipControlsRequest,
  PutBucketOwnershipControlsRequest,
} from '@aws-sdk/client-s3';
import { AwsError, type Operation } from '../../../service.ts';
import { findBucket, malformedXml, notConfigured } from '../errors.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';

export const ownershipOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketOwnershipControls: putBucketOwnershipControls,
  GetBucketOwnershipControls: getBucketOwnershipControls,
  DeleteBucketOwnershipControls: deleteBucketOwnershipControls,
};

/** @throws AwsError NoSuchBucket, MalformedXML; InvalidBucketAclWithObjectOwnership while the ACL grants to others */
function putBucketOwnershipControls(state: S3State, input: PutBucketOwnershipControlsRequest): void {
  const bucket = findBucket(state, input.Bucket);
  const [rule, ...more] = input.OwnershipControls?.Rules ?? [];
  if (!rule || more.length > 0) throw malformedXml();
  const { ID } = ownerOf(state.account);
  const acl = bucket.configuration.acl as AccessControlPolicy | undefined;
  if (rule.ObjectOwnership === 'BucketOwnerEnforced' && acl?.Grants?.some(({ Grantee: to }) => to?.ID !== ID)) {
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      { statusCode: 400 },
    );
  }
  bucket.configuration.ownership = { Rules: [rule] };
}

/** @throws AwsError NoSuchBucket, OwnershipControlsNotFoundError */
function getBucketOwnershipControls(
  state: S3State,
  input: GetBucketOwnershipControlsRequest,
): GetBucketOwnershipControlsOutput {
  const bucket = findBucket(state, input.Bucket);
  const { ownership } = bucket.configuration;
  if (ownership) return { OwnershipControls: ownership };
  throw notConfigured('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found', bucket);
}

function deleteBucketOwnershipControls(state: S3State, input: DeleteBucketOwnershipControlsRequest): void {
  findBucket(state, input.Bucket).configuration.ownership = undefined;
}
