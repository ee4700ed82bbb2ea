import type {
  GetBucketVersioningOutput,
  GetBucketVersioningRequest,
  PutBucketVersioningRequest,
} from '@aws-sdk/client-s3';
import { AwsError, type Operation } from '../../../service.ts';
import { findBucket, malformedXml } from '../errors.ts';
import type { S3State } from '../state.ts';

export const versioningOperations: Readonly<Record<string, Operation<S3State>>> = {
  GetBucketVersioning: getBucketVersioning,
  PutBucketVersioning: putBucketVersioning,
};

/** Says nothing of a bucket that never had versions. */
function getBucketVersioning(state: S3State, input: GetBucketVersioningRequest): GetBucketVersioningOutput {
  const { versioning } = findBucket(state, input.Bucket);
  return versioning === 'Disabled' ? {} : { Status: versioning };
}

/** @throws AwsError NoSuchBucket, IllegalVersioningConfigurationException, InvalidBucketState */
function putBucketVersioning(state: S3State, input: PutBucketVersioningRequest): void {
  const bucket = findBucket(state, input.Bucket);
  const { Status: status, MFADelete: mfaDelete } = input.VersioningConfiguration ?? {};
  if (status === undefined) {
    throw new AwsError('IllegalVersioningConfigurationException', 'The Versioning element must be specified', {
      statusCode: 400,
    });
  }
  if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
  if (mfaDelete === 'Enabled') {
    throw new AwsError('AccessDenied', 'Mfa Authentication must be used for this request', { statusCode: 403 });
  }
  if (status === 'Suspended' && bucket.objectLockEnabled) {
    throw new AwsError(
      'InvalidBucketState',
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      { statusCode: 409 },
    );
  }
  bucket.versioning = status;
}
