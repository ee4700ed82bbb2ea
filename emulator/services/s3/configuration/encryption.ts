import type {
  DeleteBucketEncryptionRequest,
  GetBucketEncryptionOutput,
  GetBucketEncryptionRequest,
  PutBucketEncryptionRequest,
  ServerSideEncryptionConfiguration,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../../service.ts';
import { findBucket, invalidArgument, malformedXml } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';

export const encryptionOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketEncryption: putBucketEncryption,
  GetBucketEncryption: getBucketEncryption,
  DeleteBucketEncryption: deleteBucketEncryption,
};

/**
 * What every bucket has unless it is told otherwise: S3's own keys since January 2023, and none of clients since
 * April 2026 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html).
 */
const standard = {
  Rules: [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
      BucketKeyEnabled: false,
      BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
    },
  ],
} satisfies ServerSideEncryptionConfiguration;

/** Whether a bucket takes no new objects that are encrypted with a key of the client. */
export function blocksCustomerKeys({ configuration: { encryption = standard } }: BucketRecord): boolean {
  return encryption.Rules?.[0]?.BlockedEncryptionTypes?.EncryptionType?.includes('SSE-C') ?? false;
}

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
  const blocked = (bucket.configuration.encryption ?? standard).Rules?.[0]?.BlockedEncryptionTypes;
  bucket.configuration.encryption = {
    Rules: [
      {
        ...rule,
        ApplyServerSideEncryptionByDefault: byDefault ?? { SSEAlgorithm: 'AES256' },
        BucketKeyEnabled: rule.BucketKeyEnabled ?? false,
        // Who does not speak of it leaves it as it is.
        BlockedEncryptionTypes: rule.BlockedEncryptionTypes ?? blocked,
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
