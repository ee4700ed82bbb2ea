import { createHash } from 'node:crypto';
import { memoize } from '../../../protocols/memoize.ts';
import type { OperationModel } from '../../../protocols/service-model.ts';
import { checksumAlgorithms, checksumOf } from './checksums.ts';
import { checksumMember, claimedChecksum, contentMd5, verifyChecksum, verifyMd5 } from './receive-request-body.ts';

/**
 * Holds the body of a request that is not an upload (XML, a policy) against its Content-MD5 and the checksum in
 * its headers or its trailer, as S3 does for every operation that takes one
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html, "x-amz-sdk-checksum-algorithm").
 *
 * @throws AwsError BadDigest, InvalidDigest, InvalidRequest, NotImplemented, MalformedTrailerError
 */
export async function verifyBody(
  operation: OperationModel,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<void> {
  const md5 = contentMd5(headers['content-md5']);
  if (md5) verifyMd5(md5, createHash('md5').update(body).digest());
  if (speaksOfObject(operation)) return;
  const claim = claimedChecksum(claimsOf(headers), headers);
  if (!claim) return;
  const checksums = new Map([[claim.algorithm, await checksumOf(claim.algorithm, body)]]);
  verifyChecksum(claim, { checksums }, body);
}

/** In CompleteMultipartUpload the same headers say what the object's checksum is to be. */
const speaksOfObject = memoize(({ input }: OperationModel) => checksumMember('CRC32') in input.getMemberSchemas());

function claimsOf(headers: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return {
    ChecksumAlgorithm: headers['x-amz-sdk-checksum-algorithm'],
    ...Object.fromEntries(
      checksumAlgorithms.map((name) => [checksumMember(name), headers[`x-amz-checksum-${name.toLowerCase()}`]]),
    ),
  };
}
