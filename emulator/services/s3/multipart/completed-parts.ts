import type { CompletedMultipartUpload, CompletedPart } from '@aws-sdk/client-s3';
import { AwsError } from '../../../service.ts';
import { checksumAlgorithms, type ChecksumAlgorithm } from '../bodies/checksums.ts';
import { checksumMember } from '../bodies/receive-request-body.ts';
import { invalidRequest, malformedXml } from '../errors.ts';
import { partChecksum } from './upload-checksum.ts';
import type { UploadedPart, UploadRecord } from './upload-record.ts';

/** Bytes; every part but the last one has them. */
const minimumPartSize = 5 * 1024 * 1024;

/** A part as a request lists it. */
export interface ListedPart extends CompletedPart {
  readonly PartNumber: number;
  /** Without quotes. */
  readonly ETag: string;
}

/**
 * The parts that a request lists to be put together.
 *
 * @throws AwsError InvalidRequest without a list, MalformedXML for an empty one or parts without number or
 *   ETag, InvalidPartOrder
 */
export function listedParts(list: CompletedMultipartUpload | undefined, uploadId: string): readonly ListedPart[] {
  if (list === undefined) throw invalidRequest('You must specify at least one part');
  const parts = (list.Parts ?? []).map((part) => {
    if (part.PartNumber === undefined || part.ETag === undefined) throw malformedXml();
    return { ...part, PartNumber: part.PartNumber, ETag: part.ETag.replaceAll('"', '') };
  });
  if (parts.length === 0) throw malformedXml();
  if (parts.some(({ PartNumber }, index) => index > 0 && PartNumber <= (parts[index - 1]?.PartNumber ?? 0))) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
      { statusCode: 400, members: { UploadId: uploadId } },
    );
  }
  return parts;
}

/**
 * Finds the listed parts among the uploaded ones.
 *
 * @throws AwsError InvalidPart, EntityTooSmall; InvalidRequest and BadDigest about their checksums
 */
export function findParts(upload: UploadRecord, listed: readonly ListedPart[]): readonly UploadedPart[] {
  return listed.map((wanted, index) => {
    const part = upload.parts.get(wanted.PartNumber);
    if (part?.etag !== wanted.ETag) throw invalidPart(upload, wanted);
    checkPartChecksum(upload, part, wanted);
    if (index < listed.length - 1 && part.body.size < minimumPartSize) throw tooSmall(part);
    return part;
  });
}

/** Composite checksums have to come with each part, others may. */
function checkPartChecksum(upload: UploadRecord, part: UploadedPart, wanted: ListedPart): void {
  const given = checksumAlgorithms.filter((algorithm) => wanted[checksumMember(algorithm)] !== undefined);
  const { checksum } = upload;
  if (!checksum) {
    if (given.length > 0) throw invalidPart(upload, wanted);
    return;
  }
  const { algorithm, type } = checksum;
  const value = wanted[checksumMember(algorithm)];
  if (value !== undefined) {
    if (value !== partChecksum(part, algorithm).toString('base64')) throw invalidPart(upload, wanted);
    return;
  }
  if (type === 'FULL_OBJECT') return;
  const [other] = given;
  if (other !== undefined) throw wrongAlgorithm(other, wanted);
  throw invalidRequest(
    `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${wanted.PartNumber} in the request.`,
  );
}

function wrongAlgorithm(algorithm: ChecksumAlgorithm, { PartNumber }: ListedPart): AwsError {
  const message = `The ${algorithm.toLowerCase()} you specified for part ${PartNumber} did not match what we received.`;
  return new AwsError('BadDigest', message, { statusCode: 400 });
}

function invalidPart({ uploadId }: UploadRecord, { ETag, PartNumber }: ListedPart): AwsError {
  return new AwsError(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { statusCode: 400, members: { UploadId: uploadId, PartNumber, ETag } },
  );
}

function tooSmall({ partNumber, etag, body }: UploadedPart): AwsError {
  return new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    statusCode: 400,
    members: { ProposedSize: body.size, MinSizeAllowed: minimumPartSize, PartNumber: partNumber, ETag: etag },
  });
}
