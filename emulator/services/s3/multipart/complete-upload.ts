import { createHash } from 'node:crypto';
import type { CompleteMultipartUploadOutput, CompleteMultipartUploadRequest } from '@aws-sdk/client-s3';
import { AwsError, type RequestContext } from '../../../service.ts';
import { checksumAlgorithms } from '../bodies/checksums.ts';
import { checksumMember } from '../bodies/receive-request-body.ts';
import { bucketAddress } from '../bucket-address.ts';
import { findBucket, invalidRequest } from '../errors.ts';
import { checkWriteConditionHeaders, checkWriteConditions } from '../objects/conditions.ts';
import { expirationOf } from '../objects/expiration.ts';
import type { ObjectAttributes, ObjectPart, StoredChecksum } from '../objects/object-version.ts';
import { checkBucketStillThere, storeVersion, timeOfChange } from '../objects/store-version.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { endUpload } from './abort-upload.ts';
import { findParts, listedParts } from './completed-parts.ts';
import { findUpload } from './find-upload.ts';
import { repeatedCompletion, rememberCompletion } from './repeated-completion.ts';
import { checksumOutput, objectChecksum, partChecksum } from './upload-checksum.ts';
import type { UploadedPart, UploadRecord } from './upload-record.ts';

/**
 * CompleteMultipartUpload: makes an object of the listed parts and frees the others. No byte is copied. The
 * same request again gets the same answer.
 *
 * @throws AwsError NoSuchBucket, NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, InvalidRequest,
 *   BadDigest, MalformedXML; PreconditionFailed, ConditionalRequestConflict and NoSuchKey of conditional writes
 */
export async function completeMultipartUpload(
  state: S3State,
  input: CompleteMultipartUploadRequest,
  context: RequestContext,
): Promise<CompleteMultipartUploadOutput> {
  const bucket = findBucket(state, input.Bucket);
  checkWriteConditionHeaders(input);
  const repeated = repeatedCompletion(bucket, input);
  if (repeated) return repeated;
  const upload = findUpload(bucket, input.Key, input.UploadId);
  const listed = listedParts(input.MultipartUpload, upload.uploadId);
  checkConditions(bucket, upload, input);
  checkChecksumType(upload, input);
  const parts = findParts(upload, listed);
  checkSize(parts, input.MpuObjectSize);

  const checksum = await heldBodies(parts, () => objectChecksum(upload, parts));
  // Since then the upload may have ended, or a part been replaced.
  checkBucketStillThere(state, bucket);
  const faster = repeatedCompletion(bucket, input);
  if (faster) return faster;
  findUpload(bucket, upload.key, upload.uploadId);
  findParts(upload, listed);
  checkConditions(bucket, upload, input);
  checkObjectChecksum(upload, checksum, input);

  const version = storeVersion(bucket, {
    ...upload.attributes,
    key: upload.key,
    deleteMarker: false,
    lastModified: timeOfChange(state),
    body: state.bodies.compose(parts.map(({ body }) => body)),
    etag: etagOf(parts),
    checksum,
    parts: objectParts(upload, parts),
  });
  endUpload(bucket, upload);
  const expiration = expirationOf(bucket, version);
  const output: CompleteMultipartUploadOutput = {
    Location: locationOf(context, bucket.name, upload.key),
    Bucket: bucket.name,
    Key: upload.key,
    ETag: `"${version.etag}"`,
    ...checksumOutput(checksum.algorithm, checksum.value),
    ChecksumType: checksum.type,
    ...(bucket.versioning === 'Enabled' && { VersionId: version.versionId }),
    ...encryptionOutput(upload.attributes),
    ...(expiration !== undefined && { Expiration: expiration }),
  };
  rememberCompletion(bucket, input, output);
  return output;
}

/** The MD5 of the parts' MD5s, and how many there are. */
function etagOf(parts: readonly UploadedPart[]): string {
  const digest = createHash('md5');
  for (const { etag } of parts) digest.update(etag, 'hex');
  return `${digest.digest('hex')}-${parts.length}`;
}

function objectParts({ checksum }: UploadRecord, parts: readonly UploadedPart[]): ObjectPart[] {
  let offset = 0;
  return parts.map((part) => {
    const { partNumber, body } = part;
    const value = checksum && partChecksum(part, checksum.algorithm).toString('base64');
    const described = { partNumber, size: body.size, offset, checksum: value };
    offset += body.size;
    return described;
  });
}

/** Where the object is, in the style in which it was asked for; its key has no slashes then. */
function locationOf({ request }: RequestContext, bucket: string, key: string): string {
  const { host = 'localhost' } = request.headers;
  const hosted = bucketAddress({ path: '/', headers: { host } }).labels['Bucket'] === bucket;
  return `http://${host}/${hosted ? '' : `${bucket}/`}${encodeURIComponent(key)}`;
}

/** Keeps the bodies of parts while something is done that takes time. */
async function heldBodies<Result>(parts: readonly UploadedPart[], use: () => Promise<Result>): Promise<Result> {
  for (const { body } of parts) body.retain();
  try {
    return await use();
  } finally {
    for (const { body } of parts) body.release();
  }
}

/**
 * A conditional write conflicts with what happened to the key while the parts came in
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
 *
 * @throws AwsError PreconditionFailed, NoSuchKey, ConditionalRequestConflict
 */
function checkConditions(bucket: BucketRecord, upload: UploadRecord, input: CompleteMultipartUploadRequest): void {
  const current = bucket.objects.current(upload.key);
  checkWriteConditions(upload.key, current, input);
  if (input.IfNoneMatch !== undefined && upload.existing) throw conflict('If-None-Match', upload.key);
  if (input.IfMatch !== undefined && upload.existing?.deref() !== current) throw conflict('If-Match', upload.key);
}

function conflict(condition: string, key: string): AwsError {
  return new AwsError(
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { statusCode: 409, members: { Condition: condition, Key: key } },
  );
}

/** @throws AwsError InvalidRequest; the API reference has BadDigest, S3 itself answers this */
function checkChecksumType({ checksum }: UploadRecord, { ChecksumType: type }: CompleteMultipartUploadRequest): void {
  if (type === undefined || type === checksum?.type) return;
  throw invalidRequest(
    `The upload was created using the ${checksum?.type ?? 'null'} checksum mode. The complete request must use the same checksum mode.`,
  );
}

/** @throws AwsError InvalidRequest */
function checkSize(parts: readonly UploadedPart[], expected: number | bigint | undefined): void {
  if (expected === undefined) return;
  if (expected < 0) throw invalidRequest('Value for x-amz-mp-object-size header is less than zero');
  const size = parts.reduce((sum, { body }) => sum + body.size, 0);
  if (Number(expected) === size) return;
  throw invalidRequest(
    `The provided 'x-amz-mp-object-size' header value ${expected} does not match what was computed: ${size}`,
  );
}

/**
 * The checksum that the request says the object has. Of an upload that was begun without an algorithm S3
 * checks none.
 *
 * @throws AwsError InvalidRequest, BadDigest
 */
function checkObjectChecksum(
  { checksum }: UploadRecord,
  computed: StoredChecksum,
  input: CompleteMultipartUploadRequest,
): void {
  if (!checksum) return;
  const given = checksumAlgorithms.find((algorithm) => input[checksumMember(algorithm)] !== undefined);
  if (given === undefined) return;
  if (given !== checksum.algorithm) {
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm.toLowerCase()}, actual checksum Type: ${given.toLowerCase()}`,
    );
  }
  const value = input[checksumMember(given)];
  // The number of parts behind a composite checksum may be left out.
  if (value === computed.value || (computed.type === 'COMPOSITE' && value === computed.value.replace(/-\d+$/, ''))) {
    return;
  }
  throw new AwsError('BadDigest', `The ${given.toLowerCase()} you specified did not match the calculated checksum.`, {
    statusCode: 400,
  });
}

/** The answer has no members for a key of the client. */
function encryptionOutput({ encryption }: ObjectAttributes): Partial<CompleteMultipartUploadOutput> {
  const { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled } = encryption ?? {};
  return {
    ...(ServerSideEncryption && { ServerSideEncryption }),
    ...(SSEKMSKeyId !== undefined && { SSEKMSKeyId }),
    ...(BucketKeyEnabled && { BucketKeyEnabled }),
  };
}
