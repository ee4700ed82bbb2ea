import type {
  DeleteBucketPolicyRequest,
  GetBucketPolicyOutput,
  GetBucketPolicyRequest,
  GetBucketPolicyStatusOutput,
  GetBucketPolicyStatusRequest,
  PutBucketPolicyRequest,
} from '@aws-sdk/client-s3';
import { httpStatus } from '../../../protocols/protocol.ts';
import { AwsError, type Operation, type RequestContext } from '../../../service.ts';
import { findBucket, notConfigured } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import type { BucketConfiguration } from './bucket-configuration.ts';
import { checkPolicy, isPublicPolicy } from './policy-document.ts';

export const policyOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketPolicy: putBucketPolicy,
  GetBucketPolicy: getBucketPolicy,
  GetBucketPolicyStatus: getBucketPolicyStatus,
  DeleteBucketPolicy: deleteBucketPolicy,
};

/**
 * Keeps a policy; it counts for anonymous requests only.
 *
 * @throws AwsError NoSuchBucket, MalformedPolicy; AccessDenied for a public one while those are blocked
 */
function putBucketPolicy(state: S3State, input: PutBucketPolicyRequest, { caller }: RequestContext): object {
  const bucket = findBucket(state, input.Bucket);
  const text = input.Policy ?? '';
  const document = checkPolicy(text, bucket.arn);
  if (bucket.configuration.publicAccessBlock?.BlockPublicPolicy && isPublicPolicy(document)) {
    throw new AwsError(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucket.arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
      { statusCode: 403 },
    );
  }
  bucket.configuration.policy = { text, document };
  return { [httpStatus]: 204 };
}

/** @throws AwsError NoSuchBucket, NoSuchBucketPolicy */
function getBucketPolicy(state: S3State, input: GetBucketPolicyRequest): GetBucketPolicyOutput {
  return { Policy: policyOf(findBucket(state, input.Bucket)).text };
}

/** @throws AwsError NoSuchBucket, NoSuchBucketPolicy */
function getBucketPolicyStatus(state: S3State, input: GetBucketPolicyStatusRequest): GetBucketPolicyStatusOutput {
  return { PolicyStatus: { IsPublic: isPublicPolicy(policyOf(findBucket(state, input.Bucket)).document) } };
}

function deleteBucketPolicy(state: S3State, input: DeleteBucketPolicyRequest): void {
  findBucket(state, input.Bucket).configuration.policy = undefined;
}

function policyOf(bucket: BucketRecord): NonNullable<BucketConfiguration['policy']> {
  const { policy } = bucket.configuration;
  if (policy === undefined) throw notConfigured('NoSuchBucketPolicy', 'The bucket policy does not exist', bucket);
  return policy;
}
