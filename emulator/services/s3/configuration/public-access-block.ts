import type {
  DeletePublicAccessBlockRequest,
  GetPublicAccessBlockOutput,
  GetPublicAccessBlockRequest,
  PublicAccessBlockConfiguration,
  PutPublicAccessBlockRequest,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../../service.ts';
import { findBucket, notConfigured } from '../errors.ts';
import type { S3State } from '../state.ts';

export const publicAccessBlockOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutPublicAccessBlock: putPublicAccessBlock,
  GetPublicAccessBlock: getPublicAccessBlock,
  DeletePublicAccessBlock: deletePublicAccessBlock,
};

/** What new buckets have. */
export const blockAllPublicAccess: PublicAccessBlockConfiguration = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** What is left out is not blocked. */
function putPublicAccessBlock(state: S3State, input: PutPublicAccessBlockRequest): void {
  const bucket = findBucket(state, input.Bucket);
  const given = input.PublicAccessBlockConfiguration ?? {};
  bucket.configuration.publicAccessBlock = {
    BlockPublicAcls: given.BlockPublicAcls ?? false,
    IgnorePublicAcls: given.IgnorePublicAcls ?? false,
    BlockPublicPolicy: given.BlockPublicPolicy ?? false,
    RestrictPublicBuckets: given.RestrictPublicBuckets ?? false,
  };
}

/** @throws AwsError NoSuchBucket, NoSuchPublicAccessBlockConfiguration */
function getPublicAccessBlock(state: S3State, input: GetPublicAccessBlockRequest): GetPublicAccessBlockOutput {
  const bucket = findBucket(state, input.Bucket);
  const { publicAccessBlock } = bucket.configuration;
  if (publicAccessBlock) return { PublicAccessBlockConfiguration: publicAccessBlock };
  const message = 'The public access block configuration was not found';
  throw notConfigured('NoSuchPublicAccessBlockConfiguration', message, bucket);
}

function deletePublicAccessBlock(state: S3State, input: DeletePublicAccessBlockRequest): void {
  findBucket(state, input.Bucket).configuration.publicAccessBlock = undefined;
}
