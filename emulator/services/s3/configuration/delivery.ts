import type {
  GetBucketAbacOutput,
  GetBucketAbacRequest,
  GetBucketAccelerateConfigurationOutput,
  GetBucketAccelerateConfigurationRequest,
  GetBucketLoggingOutput,
  GetBucketLoggingRequest,
  GetBucketRequestPaymentOutput,
  GetBucketRequestPaymentRequest,
  PutBucketAbacRequest,
  PutBucketAccelerateConfigurationRequest,
  PutBucketLoggingRequest,
  PutBucketRequestPaymentRequest,
} from '@aws-sdk/client-s3';
import { AwsError, type Operation } from '../../../service.ts';
import { findBucket, invalidRequest, malformedXml } from '../errors.ts';
import type { S3State } from '../state.ts';

/** Settings that are kept and answered, and change nothing here: no log is written, nobody pays. */
export const deliveryOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketAbac: putBucketAbac,
  GetBucketAbac: getBucketAbac,
  PutBucketAccelerateConfiguration: putBucketAccelerateConfiguration,
  GetBucketAccelerateConfiguration: getBucketAccelerateConfiguration,
  PutBucketLogging: putBucketLogging,
  GetBucketLogging: getBucketLogging,
  PutBucketRequestPayment: putBucketRequestPayment,
  GetBucketRequestPayment: getBucketRequestPayment,
};

/** @throws AwsError NoSuchBucket, MalformedXML; InvalidRequest for a name with dots */
function putBucketAccelerateConfiguration(state: S3State, input: PutBucketAccelerateConfigurationRequest): void {
  const bucket = findBucket(state, input.Bucket);
  if (bucket.name.includes('.')) {
    throw invalidRequest('S3 Transfer Acceleration is not supported for buckets with periods (.) in their names');
  }
  if (!input.AccelerateConfiguration?.Status) throw malformedXml();
  bucket.configuration.accelerate = input.AccelerateConfiguration;
}

function getBucketAccelerateConfiguration(
  state: S3State,
  input: GetBucketAccelerateConfigurationRequest,
): GetBucketAccelerateConfigurationOutput {
  return findBucket(state, input.Bucket).configuration.accelerate ?? {};
}

/** @throws AwsError NoSuchBucket, InvalidTargetBucketForLogging, CrossLocationLoggingProhibitted */
function putBucketLogging(state: S3State, input: PutBucketLoggingRequest): void {
  const bucket = findBucket(state, input.Bucket);
  const logging = input.BucketLoggingStatus?.LoggingEnabled;
  if (logging) {
    const name = logging.TargetBucket ?? '';
    const target = state.buckets.get(name);
    if (!target) {
      throw new AwsError('InvalidTargetBucketForLogging', 'The target bucket for logging does not exist', {
        statusCode: 400,
        members: { TargetBucket: name },
      });
    }
    if (target.region !== bucket.region) {
      throw new AwsError('CrossLocationLoggingProhibitted', 'Cross S3 location logging not allowed. ', {
        statusCode: 403,
        members: { TargetBucketLocation: target.region },
      });
    }
  }
  bucket.configuration.logging = logging;
}

function getBucketLogging(state: S3State, input: GetBucketLoggingRequest): GetBucketLoggingOutput {
  const { logging } = findBucket(state, input.Bucket).configuration;
  return logging ? { LoggingEnabled: logging } : {};
}

/** @throws AwsError NoSuchBucket, MalformedXML */
function putBucketRequestPayment(state: S3State, input: PutBucketRequestPaymentRequest): void {
  const bucket = findBucket(state, input.Bucket);
  if (!input.RequestPaymentConfiguration?.Payer) throw malformedXml();
  bucket.configuration.requestPayment = input.RequestPaymentConfiguration;
}

function getBucketRequestPayment(state: S3State, input: GetBucketRequestPaymentRequest): GetBucketRequestPaymentOutput {
  return findBucket(state, input.Bucket).configuration.requestPayment ?? { Payer: 'BucketOwner' };
}

function putBucketAbac(state: S3State, input: PutBucketAbacRequest): void {
  const bucket = findBucket(state, input.Bucket);
  if (!input.AbacStatus?.Status) throw malformedXml();
  bucket.configuration.abac = input.AbacStatus;
}

function getBucketAbac(state: S3State, input: GetBucketAbacRequest): GetBucketAbacOutput {
  return { AbacStatus: findBucket(state, input.Bucket).configuration.abac ?? { Status: 'Disabled' } };
}
