import type { _Object as S3Object } from '@aws-sdk/client-s3';
import type { ObjectVersion } from '../objects/object-version.ts';
import type { KeyWriter } from './url-encoding.ts';

type ListedObject = Required<Pick<S3Object, 'Key' | 'LastModified' | 'ETag' | 'Size'>> &
  Pick<S3Object, 'ChecksumAlgorithm' | 'ChecksumType'> & { StorageClass: 'STANDARD' };

/** What all listings tell of an object. */
export function listedObject(version: ObjectVersion, write: KeyWriter): ListedObject {
  const { checksum } = version;
  return {
    Key: write(version.key),
    LastModified: wholeSeconds(version.lastModified),
    ETag: `"${version.etag}"`,
    ...(checksum && { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type }),
    Size: version.body.size,
    StorageClass: version.storageClass as 'STANDARD',
  };
}

/** S3 keeps times to the second; listings write them with `.000` behind. */
export function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}
