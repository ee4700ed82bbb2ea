import { AwsError } from '../../service.ts';
import type { BucketRecord, S3State } from './state.ts';
import type { ObjectVersion } from './objects/object-version.ts';

// Codes, messages and details as in https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.

export function noSuchBucket(name: string): AwsError {
  return new AwsError('NoSuchBucket', 'The specified bucket does not exist', {
    statusCode: 404,
    members: { BucketName: name },
  });
}

export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', { statusCode: 404, members: { Key: key } });
}

export function noSuchVersion(key: string, versionId: string): AwsError {
  return new AwsError('NoSuchVersion', 'The specified version does not exist.', {
    statusCode: 404,
    members: { Key: key, VersionId: versionId },
  });
}

/** What a bucket does not have, by the code that says so. */
export function notConfigured(code: string, message: string, bucket: BucketRecord): AwsError {
  return new AwsError(code, message, { statusCode: 404, members: { BucketName: bucket.name } });
}

export function invalidArgument(name: string, value: string, message: string): AwsError {
  return new AwsError('InvalidArgument', message, {
    statusCode: 400,
    members: { ArgumentName: name, ArgumentValue: value },
  });
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', message, { statusCode: 400 });
}

/** What is kept out of the emulator, refused by name. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `The emulator does not implement ${what}; nothing was done.`, {
    statusCode: 501,
  });
}

/** A request that a conditional header does not allow. */
export function preconditionFailed(condition: string): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    statusCode: 412,
    members: { Condition: condition },
  });
}

/** XML that its schema allows and S3 does not. */
export function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    { statusCode: 400 },
  );
}

/** @throws AwsError NoSuchBucket; PermanentRedirect where it is in another region than that of the endpoint asked */
export function findBucket(state: S3State, name: string | undefined): BucketRecord {
  const bucket = bucketAnywhere(state, name);
  // SDKs that follow it ask again with the region that the answer's x-amz-bucket-region names.
  if (state.verifySignatures && bucket.region !== state.region) {
    throw new AwsError(
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      { statusCode: 301, members: { Endpoint: endpointOf(bucket), Bucket: bucket.name } },
    );
  }
  return bucket;
}

/** @throws AwsError NoSuchBucket */
export function bucketAnywhere(state: S3State, name: string | undefined): BucketRecord {
  const bucket = name === undefined ? undefined : state.buckets.get(name);
  if (!bucket) throw noSuchBucket(name ?? '');
  return bucket;
}

function endpointOf({ name, region }: BucketRecord): string {
  return region === 'us-east-1' ? `${name}.s3.amazonaws.com` : `${name}.s3.${region}.amazonaws.com`;
}

/**
 * The version that a request means: the one with the id, else the newest.
 *
 * @throws AwsError NoSuchVersion, NoSuchKey (also where the newest is a delete marker)
 */
export function findObject(bucket: BucketRecord, key: string, versionId: string | undefined): ObjectVersion {
  const version = versionId === undefined ? bucket.objects.current(key) : bucket.objects.find(key, versionId);
  if (version) return version;
  throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
}
