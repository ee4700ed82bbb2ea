import type { UploadPartCopyOutput, UploadPartCopyRequest } from '@aws-sdk/client-s3';
import { findBucket, invalidArgument, invalidRequest } from '../errors.ts';
import { maximumUpload } from '../bodies/receive-request-body.ts';
import { findCopySource } from '../objects/copy-source.ts';
import type { ByteRange } from '../objects/ranges.ts';
import type { S3State } from '../state.ts';
import { wholeSeconds } from '../listing/listed-object.ts';
import { checkPartNumber, findUpload } from './find-upload.ts';
import { checkPartKey } from './part-encryption.ts';
import { algorithmOf } from './upload-checksum.ts';
import { partChecksumOutput, storePart } from './upload-part.ts';

/**
 * UploadPartCopy: takes a part from an object. S3 computes the checksum that the upload needs.
 *
 * @throws AwsError NoSuchBucket, NoSuchUpload, NoSuchKey, NoSuchVersion, InvalidArgument, InvalidRequest,
 *   PreconditionFailed, EntityTooLarge
 */
export async function uploadPartCopy(state: S3State, input: UploadPartCopyRequest): Promise<UploadPartCopyOutput> {
  const bucket = findBucket(state, input.Bucket);
  const partNumber = checkPartNumber(input.PartNumber);
  const upload = findUpload(bucket, input.Key, input.UploadId);
  checkPartKey(upload, input);
  const source = findCopySource(state, input);
  const { start, end } = sourceRange(input.CopySourceRange, source.version.body.size);
  const content = source.version.body.read(start, end);
  const received = await state.bodies.receive(content, [algorithmOf(upload)], maximumUpload);
  const part = storePart(state, bucket, upload, partNumber, received);
  return {
    ...(source.bucket.versioning !== 'Disabled' && { CopySourceVersionId: source.version.versionId }),
    CopyPartResult: {
      ETag: `"${part.etag}"`,
      LastModified: wholeSeconds(part.lastModified),
      ...partChecksumOutput(part, upload.checksum?.algorithm),
    },
    ...upload.attributes.encryption,
  };
}

/**
 * The bytes that `bytes=first-last` names; the whole without it. Unlike in a read both are needed and lie
 * within the source.
 *
 * @param size bytes of the source
 * @throws AwsError InvalidArgument; InvalidRequest for one that starts behind the source
 */
function sourceRange(header: string | undefined, size: number): ByteRange {
  if (header === undefined) return { start: 0, end: size };
  const name = 'x-amz-copy-source-range';
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last)) {
    throw invalidArgument(
      name,
      header,
      `The ${name} value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy`,
    );
  }
  if (Number(first) >= size) throw invalidRequest('The specified copy range is invalid for the source object size');
  if (Number(last) >= size) {
    throw invalidArgument(name, header, `Range specified is not valid for source object of size: ${size}`);
  }
  return { start: Number(first), end: Number(last) + 1 };
}
