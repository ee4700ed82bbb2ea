import type { UploadPartOutput, UploadPartRequest } from '@aws-sdk/client-s3';
import type { RequestContext } from '../../../service.ts';
import type { ReceivedBody } from '../bodies/body-store.ts';
import type { ChecksumAlgorithm } from '../bodies/checksums.ts';
import { claimedChecksum, receiveRequestBody } from '../bodies/receive-request-body.ts';
import { findBucket, invalidRequest } from '../errors.ts';
import { checkBucketStillThere, timeOfChange } from '../objects/store-version.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { checkPartNumber, findUpload } from './find-upload.ts';
import { checkPartKey } from './part-encryption.ts';
import { algorithmOf, checksumOutput } from './upload-checksum.ts';
import type { UploadedPart, UploadRecord } from './upload-record.ts';

/**
 * UploadPart: takes a part in; one with the same number before it is replaced.
 *
 * @throws AwsError NoSuchBucket, NoSuchUpload, InvalidArgument, InvalidRequest, BadDigest, InvalidDigest,
 *   EntityTooLarge
 */
export async function uploadPart(
  state: S3State,
  input: UploadPartRequest,
  context: RequestContext,
): Promise<UploadPartOutput> {
  const bucket = findBucket(state, input.Bucket);
  const partNumber = checkPartNumber(input.PartNumber);
  const upload = findUpload(bucket, input.Key, input.UploadId);
  checkPartKey(upload, input);
  checkAlgorithm(upload, claimedChecksum(input, context.request.headers)?.algorithm);
  const { algorithm, ...received } = await receiveRequestBody(state, input, context, () => [algorithmOf(upload)]);
  const part = storePart(state, bucket, upload, partNumber, received);
  return {
    ETag: `"${part.etag}"`,
    ...partChecksumOutput(part, upload.checksum?.algorithm ?? algorithm),
    ...upload.attributes.encryption,
  };
}

/**
 * Gives an upload a part, unless it ended while the part's bytes came in.
 *
 * @throws AwsError NoSuchBucket, NoSuchUpload; the body is then released
 */
export function storePart(
  state: S3State,
  bucket: BucketRecord,
  upload: UploadRecord,
  partNumber: number,
  { body, md5, checksums }: ReceivedBody,
): UploadedPart {
  try {
    checkBucketStillThere(state, bucket);
    findUpload(bucket, upload.key, upload.uploadId);
  } catch (error) {
    body.release();
    throw error;
  }
  const part = { partNumber, body, etag: md5.toString('hex'), checksums, lastModified: timeOfChange(state) };
  upload.parts.get(partNumber)?.body.release();
  upload.parts.set(partNumber, part);
  return part;
}

/** The checksum that an answer about a part tells, where there is one to tell. */
export function partChecksumOutput(
  { checksums }: UploadedPart,
  algorithm: ChecksumAlgorithm | undefined,
): Record<string, string> {
  const value = algorithm && checksums.get(algorithm)?.toString('base64');
  return algorithm && value !== undefined ? checksumOutput(algorithm, value) : {};
}

/**
 * A part comes with the upload's own checksum. Without one S3 computes it, but for composite checksums, which
 * are to prove what the client has sent.
 *
 * @throws AwsError InvalidRequest
 */
function checkAlgorithm({ checksum }: UploadRecord, given: ChecksumAlgorithm | undefined): void {
  if (!checksum || given === checksum.algorithm) return;
  if (given === undefined && checksum.type === 'FULL_OBJECT') return;
  const actual = given?.toLowerCase() ?? 'null';
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm.toLowerCase()}, actual checksum Type: ${actual}`,
  );
}
