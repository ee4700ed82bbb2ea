import type { PutObjectOutput, PutObjectRequest } from '@aws-sdk/client-s3';
import type { RequestContext } from '../../../service.ts';
import { checksumMember, receiveRequestBody } from '../bodies/receive-request-body.ts';
import type { ChecksumAlgorithm } from '../bodies/checksums.ts';
import { findBucket, invalidRequest, notImplemented } from '../errors.ts';
import type { S3State } from '../state.ts';
import { checkWriteConditionHeaders, checkWriteConditions } from './conditions.ts';
import { etagOf } from './encryption.ts';
import { attributesOf, type WriteContext } from './object-attributes.ts';
import { expirationOf } from './expiration.ts';
import type { ObjectVersion } from './object-version.ts';
import { checkKey } from './object-key.ts';
import { checkBucketStillThere, storeVersion, timeOfChange } from './store-version.ts';

/**
 * Stores an object, whole or not at all: until the last byte is there and all digests match, what was
 * there before stays.
 *
 * @throws AwsError as the API reference of PutObject says
 */
export async function putObject(
  state: S3State,
  input: PutObjectRequest,
  context: WriteContext,
): Promise<PutObjectOutput> {
  const key = input.Key ?? '';
  const bucket = findBucket(state, input.Bucket);
  checkKey(key);
  if (input.WriteOffsetBytes !== undefined) throw notImplemented('appending to objects, which directory buckets have');
  checkWriteConditionHeaders(input);
  const attributes = attributesOf(state, bucket, input, context);
  checkDigestOfLocked(input, context);
  checkWriteConditions(key, bucket.objects.current(key), input);

  const received = await receiveRequestBody(state, input, context, storedChecksum);
  const { body, md5, checksums, algorithm = 'CRC64NVME' } = received;
  let version: ObjectVersion;
  try {
    checkBucketStillThere(state, bucket);
    // Another write may have been faster.
    checkWriteConditions(key, bucket.objects.current(key), input);
    const value = checksums.get(algorithm)?.toString('base64');
    version = storeVersion(bucket, {
      ...attributes,
      key,
      deleteMarker: false,
      lastModified: timeOfChange(state),
      body,
      etag: etagOf(md5, attributes.encryption),
      checksum: value === undefined ? undefined : { algorithm, value, type: 'FULL_OBJECT' },
      parts: undefined,
    });
  } catch (error) {
    body.release();
    throw error;
  }
  const expiration = expirationOf(bucket, version);
  return {
    ETag: `"${version.etag}"`,
    ...answeredChecksum(version),
    ...version.encryption,
    ...(bucket.versioning === 'Enabled' && { VersionId: version.versionId }),
    ...(expiration !== undefined && { Expiration: expiration }),
  };
}

/** The checksum of a version, as members of an answer. */
export function answeredChecksum({ checksum }: Pick<ObjectVersion, 'checksum'>): Record<string, string> {
  if (!checksum) return {};
  return { [checksumMember(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type };
}

/** S3 adds a checksum of its own to what comes without one, since December 2024. */
function storedChecksum(given: ChecksumAlgorithm | undefined): readonly ChecksumAlgorithm[] {
  return [given ?? 'CRC64NVME'];
}

/** What cannot be replaced for years had better arrive unharmed. */
function checkDigestOfLocked(input: PutObjectRequest, { request }: Pick<RequestContext, 'request'>): void {
  if (!input.ObjectLockMode && !input.ObjectLockLegalHoldStatus) return;
  const digest = ['content-md5', 'x-amz-trailer', 'x-amz-sdk-checksum-algorithm'].some((name) => request.headers[name]);
  if (digest || Object.keys(request.headers).some((name) => name.startsWith('x-amz-checksum-'))) return;
  throw invalidRequest(
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
  );
}
