import type {
  DefaultRetention,
  GetObjectLockConfigurationOutput,
  GetObjectLockConfigurationRequest,
  PutObjectLockConfigurationRequest,
} from '@aws-sdk/client-s3';
import { AwsError, type Operation } from '../../../service.ts';
import { findBucket, invalidArgument, malformedXml, notConfigured } from '../errors.ts';
import type { S3State } from '../state.ts';

export const objectLockOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutObjectLockConfiguration: putObjectLockConfiguration,
  GetObjectLockConfiguration: getObjectLockConfiguration,
};

/**
 * Sets the default retention, and turns object lock on where it was off.
 *
 * @throws AwsError NoSuchBucket, InvalidBucketState, MissingRequestBodyError, MalformedXML, InvalidArgument
 */
function putObjectLockConfiguration(state: S3State, input: PutObjectLockConfigurationRequest): void {
  const bucket = findBucket(state, input.Bucket);
  if (bucket.versioning !== 'Enabled') {
    throw new AwsError(
      'InvalidBucketState',
      "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
      { statusCode: 409 },
    );
  }
  const configuration = input.ObjectLockConfiguration;
  if (!configuration) {
    throw new AwsError('MissingRequestBodyError', 'Request Body is empty', { statusCode: 400 });
  }
  if (configuration.ObjectLockEnabled !== 'Enabled') throw malformedXml();
  if (configuration.Rule) checkRetention(configuration.Rule.DefaultRetention);
  bucket.objectLockEnabled = true;
  bucket.configuration.objectLock = configuration;
}

/** @throws AwsError NoSuchBucket, ObjectLockConfigurationNotFoundError */
function getObjectLockConfiguration(
  state: S3State,
  input: GetObjectLockConfigurationRequest,
): GetObjectLockConfigurationOutput {
  const bucket = findBucket(state, input.Bucket);
  if (!bucket.objectLockEnabled) {
    const message = 'Object Lock configuration does not exist for this bucket';
    throw notConfigured('ObjectLockConfigurationNotFoundError', message, bucket);
  }
  return { ObjectLockConfiguration: bucket.configuration.objectLock ?? { ObjectLockEnabled: 'Enabled' } };
}

function checkRetention(retention: DefaultRetention | undefined): void {
  if (!retention?.Mode || (retention.Days === undefined) === (retention.Years === undefined)) throw malformedXml();
  const [name, value, longest] =
    retention.Days === undefined
      ? (['Years', retention.Years ?? 0, 100] as const)
      : (['Days', retention.Days, 36_500] as const);
  if (value < 1) {
    throw invalidArgument(name, String(value), 'Default retention period must be a positive integer value.');
  }
  if (value > longest) {
    throw invalidArgument(name, String(value), 'Default retention period too large.');
  }
}
