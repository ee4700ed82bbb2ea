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

/** @throws AwsError NoSuchBucket; PermanentRedirect where it is in another region than that of the endpoint asked */
export function findBucket(state: S3State, name: string | undefined): BucketRecord {
  const bucket = name === undefined ? undefined : state.buckets.get(name);
  if (!bucket) throw noSuchBucket(name ?? '');
  return bucket;
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
