import type { ListMultipartUploadsOutput, ListMultipartUploadsRequest, MultipartUpload } from '@aws-sdk/client-s3';
import { compareUtf8, createSortedMap } from '../../../sorted-map.ts';
import { findBucket, invalidArgument } from '../errors.ts';
import { commonPrefixes } from '../listing/list-objects.ts';
import { wholeSeconds } from '../listing/listed-object.ts';
import { pageLimit } from '../listing/page-limit.ts';
import { readPage, type KeySource } from '../listing/page.ts';
import { keyWriter, type KeyWriter } from '../listing/url-encoding.ts';
import { ownerOf } from '../owner.ts';
import type { BucketRecord, S3State } from '../state.ts';
import type { UploadRecord } from './upload-record.ts';

/**
 * ListMultipartUploads: by key, those of one key in the order in which they were begun
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html). S3 names the last upload
 * of every page as the next markers, truncated or not, and leaves them empty on a page without uploads.
 *
 * @throws AwsError NoSuchBucket, InvalidArgument
 */
export function listMultipartUploads(state: S3State, input: ListMultipartUploadsRequest): ListMultipartUploadsOutput {
  const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: after = '' } = input;
  const bucket = findBucket(state, input.Bucket);
  const write = keyWriter(input.EncodingType);
  const limit = pageLimit('max-uploads', input.MaxUploads);
  // Without a key marker it is ignored.
  const uploadIdMarker = after === '' ? '' : (input.UploadIdMarker ?? '');
  const source = uploadsByKey(bucket, after, uploadIdMarker);
  const page = readPage(source, { prefix, delimiter, after, rest: uploadIdMarker !== '', limit });
  const last = page.entries.at(-1);
  return {
    Bucket: bucket.name,
    KeyMarker: write(after),
    UploadIdMarker: uploadIdMarker,
    NextKeyMarker: last ? write(last.key) : '',
    NextUploadIdMarker: last?.uploadId ?? '',
    ...(prefix && { Prefix: write(prefix) }),
    ...(delimiter && { Delimiter: write(delimiter) }),
    MaxUploads: limit,
    IsTruncated: page.truncated,
    ...(input.EncodingType && { EncodingType: input.EncodingType }),
    Uploads: page.entries.map((upload) => listedUpload(state, upload, write)),
    CommonPrefixes: commonPrefixes(page.commonPrefixes, write),
  };
}

function uploadsByKey(bucket: BucketRecord, after: string, uploadIdMarker: string): KeySource<UploadRecord> {
  const byKey = createSortedMap<string, UploadRecord[]>(compareUtf8);
  for (const upload of bucket.uploads.values()) {
    const others = byKey.get(upload.key);
    if (others) others.push(upload);
    else byKey.set(upload.key, [upload]);
  }
  if (uploadIdMarker !== '') {
    const marked = byKey.get(after) ?? [];
    const index = marked.findIndex(({ uploadId }) => uploadId === uploadIdMarker);
    if (index < 0) throw invalidArgument('upload-id-marker', uploadIdMarker, 'Invalid uploadId marker');
    byKey.set(after, marked.slice(index + 1));
  }
  return { from: (key) => byKey.ascending(key) };
}

function listedUpload(state: S3State, upload: UploadRecord, write: KeyWriter): MultipartUpload {
  return {
    UploadId: upload.uploadId,
    Key: write(upload.key),
    Initiated: wholeSeconds(upload.initiated),
    StorageClass: upload.attributes.storageClass as NonNullable<MultipartUpload['StorageClass']>,
    Owner: ownerOf(state.account),
    Initiator: { ID: upload.initiator },
    ...(upload.checksum && { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }),
  };
}
