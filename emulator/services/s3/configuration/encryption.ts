import type {
  DeleteBucketEncryptionRequest,
  GetBucketEncryptionOutput,
  GetBucketEncryptionRequest,
  PutBucketEncryptionRequest,
  ServerSideEncryptionConfiguration,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../../service.ts';
import { findBucket, invalidArgument, malformedXml } from '../errors.ts';
import type { S3State } from '../state.ts';

export const encryptionOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketEncryption: putBucketEncryption,
  GetBucketEncryption: getBucketEncryption,
  DeleteBucketEncryption: deleteBucketEncryption,
};

/** What every bucket has since January 2023, unless it is told otherwise. */
const standard: ServerSideEncryptionConfiguration = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

/** @throws AwsError NoSuchBucket, MalformedXML, InvalidArgument */
function putBucketEncryption(state: S3State, input: PutBucketEncryptionRequest): void {
  const bucket = findBucket(state, input.Bucket);
  const [rule, ...more] = input.ServerSideEncryptionConfiguration?.Rules ?? [];
  if (!rule || more.length > 0) throw malformedXml();
  const byDefault = rule.ApplyServerSideEncryptionByDefault;
  if (!byDefault && !rule.BlockedEncryptionTypes) throw malformedXml();
  if (byDefault?.KMSMasterKeyID !== undefined && byDefault.SSEAlgorithm === 'AES256') {
    throw invalidArgument(
      'ApplyServerSideEncryptionByDefault',
      byDefault.KMSMasterKeyID,
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
    );
  }
  bucket.configuration.encryption = {
    Rules: [
      {
        ...rule,
        ApplyServerSideEncryptionByDefault: byDefault ?? { SSEAlgorithm: 'AES256' },
        BucketKeyEnabled: rule.BucketKeyEnabled ?? false,
      },
    ],
  };
}

function getBucketEncryption(state: S3State, input: GetBucketEncryptionRequest): GetBucketEncryptionOutput {
  const { encryption = standard } = findBucket(state, input.Bucket).configuration;
  return { ServerSideEncryptionConfiguration: encryption };
}

function deleteBucketEncryption(state: S3State, input: DeleteBucketEncryptionRequest): void {
  findBucket(state, input.Bucket).configuration.encryption = undefined;
}
