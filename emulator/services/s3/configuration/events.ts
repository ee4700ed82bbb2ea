import type {
  DeleteBucketReplicationRequest,
  GetBucketNotificationConfigurationRequest,
  GetBucketReplicationRequest,
  NotificationConfiguration,
  PutBucketNotificationConfigurationRequest,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../../service.ts';
import { findBucket, notConfigured, notImplemented } from '../errors.ts';
import type { S3State } from '../state.ts';

/** What a bucket would tell others of its objects. The emulator tells nobody, so nothing can be set; that is told as S3 does. */
export const eventOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketNotificationConfiguration: putBucketNotificationConfiguration,
  GetBucketNotificationConfiguration: getBucketNotificationConfiguration,
  GetBucketReplication: getBucketReplication,
  DeleteBucketReplication: deleteBucketReplication,
};

/**
 * Takes an empty configuration, which ends all notifications.
 *
 * @throws AwsError NoSuchBucket; NotImplemented for any target
 */
function putBucketNotificationConfiguration(state: S3State, input: PutBucketNotificationConfigurationRequest): void {
  findBucket(state, input.Bucket);
  const asked = Object.entries(input.NotificationConfiguration ?? {}).find(
    ([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0),
  );
  if (asked) throw notImplemented(`notifications of S3 (${asked[0]})`);
}

function getBucketNotificationConfiguration(
  state: S3State,
  input: GetBucketNotificationConfigurationRequest,
): NotificationConfiguration {
  findBucket(state, input.Bucket);
  return {};
}

/** @throws AwsError NoSuchBucket, ReplicationConfigurationNotFoundError */
function getBucketReplication(state: S3State, input: GetBucketReplicationRequest): never {
  const message = 'The replication configuration was not found';
  throw notConfigured('ReplicationConfigurationNotFoundError', message, findBucket(state, input.Bucket));
}

function deleteBucketReplication(state: S3State, input: DeleteBucketReplicationRequest): void {
  findBucket(state, input.Bucket);
}
