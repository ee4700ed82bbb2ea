import { randomUUID } from 'node:crypto';
import type {
  DeleteBucketLifecycleRequest,
  GetBucketLifecycleConfigurationOutput,
  GetBucketLifecycleConfigurationRequest,
  PutBucketLifecycleConfigurationOutput,
  PutBucketLifecycleConfigurationRequest,
  TransitionDefaultMinimumObjectSize,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../../service.ts';
import { findBucket, notConfigured } from '../errors.ts';
import type { S3State } from '../state.ts';
import { checkLifecycleRules } from './lifecycle-rules.ts';

export const lifecycleOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketLifecycleConfiguration: putBucketLifecycleConfiguration,
  GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration,
  DeleteBucketLifecycle: deleteBucketLifecycle,
};

/** @throws AwsError NoSuchBucket, MalformedXML, InvalidArgument, InvalidRequest */
function putBucketLifecycleConfiguration(
  state: S3State,
  input: PutBucketLifecycleConfigurationRequest,
): PutBucketLifecycleConfigurationOutput {
  const bucket = findBucket(state, input.Bucket);
  const rules = input.LifecycleConfiguration?.Rules ?? [];
  checkLifecycleRules(rules);
  const transitionDefaultMinimumObjectSize = input.TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K';
  bucket.configuration.lifecycle = {
    // S3 numbers the rules that come without an id.
    rules: rules.map((rule) => ({ ...rule, ID: rule.ID ?? randomUUID() })),
    transitionDefaultMinimumObjectSize,
  };
  return { TransitionDefaultMinimumObjectSize: transitionDefaultMinimumObjectSize };
}

/** @throws AwsError NoSuchBucket, NoSuchLifecycleConfiguration */
function getBucketLifecycleConfiguration(
  state: S3State,
  input: GetBucketLifecycleConfigurationRequest,
): GetBucketLifecycleConfigurationOutput {
  const bucket = findBucket(state, input.Bucket);
  const { lifecycle } = bucket.configuration;
  if (!lifecycle) {
    throw notConfigured('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', bucket);
  }
  return {
    Rules: [...lifecycle.rules],
    TransitionDefaultMinimumObjectSize:
      lifecycle.transitionDefaultMinimumObjectSize as TransitionDefaultMinimumObjectSize,
  };
}

function deleteBucketLifecycle(state: S3State, input: DeleteBucketLifecycleRequest): void {
  findBucket(state, input.Bucket).configuration.lifecycle = undefined;
}
