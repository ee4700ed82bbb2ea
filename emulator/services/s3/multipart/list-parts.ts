import type { ListPartsOutput, ListPartsRequest } from '@aws-sdk/client-s3';
import { findBucket, invalidArgument } from '../errors.ts';
import { wholeSeconds } from '../listing/listed-object.ts';
import { pageLimit } from '../listing/page-limit.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';
import { abortDate } from './abort-date.ts';
import { findUpload } from './find-upload.ts';
import { partChecksumOutput } from './upload-part.ts';

/**
 * ListParts, by part number. S3 names the last part of every page as the next marker, truncated or not.
 *
 * @throws AwsError NoSuchBucket, NoSuchUpload, InvalidArgument
 */
export function listParts(state: S3State, input: ListPartsRequest): ListPartsOutput {
  const bucket = findBucket(state, input.Bucket);
  const limit = pageLimit('max-parts', input.MaxParts);
  const marker = partNumberMarker(input.PartNumberMarker);
  const upload = findUpload(bucket, input.Key, input.UploadId);
  const behind = [...upload.parts.values()]
    .filter(({ partNumber }) => partNumber > marker)
    .toSorted((a, b) => a.partNumber - b.partNumber);
  const page = behind.slice(0, limit);
  return {
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.uploadId,
    ...abortDate(bucket, upload),
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(page.at(-1)?.partNumber ?? 0),
    MaxParts: limit,
    IsTruncated: limit > 0 && page.length < behind.length,
    Parts: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: wholeSeconds(part.lastModified),
      ETag: `"${part.etag}"`,
      Size: part.body.size,
      ...partChecksumOutput(part, upload.checksum?.algorithm),
    })),
    Initiator: { ID: upload.initiator },
    Owner: ownerOf(state.account),
    StorageClass: upload.attributes.storageClass as NonNullable<ListPartsOutput['StorageClass']>,
    ...(upload.checksum && { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }),
  };
}

function partNumberMarker(text = ''): number {
  if (text === '') return 0;
  const marker = Number(text);
  const name = 'part-number-marker';
  if (!/^-?\d+$/.test(text) || marker > 2_147_483_647) {
    throw invalidArgument(name, text, `Provided ${name} not an integer or within integer range`);
  }
  if (marker < 0) {
    throw invalidArgument(name, text, `Argument ${name} must be an integer between 0 and 2147483647`);
  }
  return marker;
}
