import { AwsError } from '../../../service.ts';
import { invalidArgument } from '../errors.ts';
import type { BucketRecord } from '../state.ts';
import type { UploadRecord } from './upload-record.ts';

/** @throws AwsError NoSuchUpload, also where the upload is one of another key */
export function findUpload(bucket: BucketRecord, key: string | undefined, uploadId: string | undefined): UploadRecord {
  const upload = bucket.uploads.get(uploadId ?? '');
  if (upload && upload.key === key) return upload;
  throw noSuchUpload(uploadId ?? '');
}

function noSuchUpload(uploadId: string): AwsError {
  return new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { statusCode: 404, members: { UploadId: uploadId } },
  );
}

/** @throws AwsError InvalidArgument for a number that no part can have */
export function checkPartNumber(partNumber: number | undefined): number {
  if (partNumber !== undefined && Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= 10_000) {
    return partNumber;
  }
  const message = 'Part number must be an integer between 1 and 10000, inclusive';
  throw invalidArgument('partNumber', String(partNumber), message);
}
