import type { _Object as S3Object } from '@aws-sdk/client-s3';
import type { ObjectVersion } from '../objects/object-version.ts';
import type { KeyWriter } from './url-encoding.ts';

/** What all listings tell of an object. */
export function listedObject(version: ObjectVersion, write: KeyWriter): S3Object {
  const { checksum } = version;
  return {
    Key: write(version.key),
    LastModified: wholeSeconds(version.lastModified),
    ETag: `"${version.etag}"`,
    ...(checksum && { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type }),
    Size: version.body.size,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked when the object was stored
    StorageClass: version.storageClass as NonNullable<S3Object['StorageClass']>,
  };
}

/** S3 keeps times to the second; listings write them with `.000` behind. */
export function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}
