import { expect, test } from '@playwright/test';
import { unchunk } from '../../../protocols/aws-chunked.ts';
import { s3Model } from '../model.ts';
import { verifyBody } from './verify-body.ts';

/** Verifies `<Tagging/>` that comes in chunks, with a checksum behind it. */
async function verifyTrailing(crc32: string): Promise<void> {
  const operation = s3Model.operations.get('PutBucketTagging');
  if (!operation) throw new Error('S3 has no PutBucketTagging.');
  const { headers, body } = unchunk({
    method: 'PUT',
    path: '/bucket',
    query: 'tagging',
    headers: {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '10',
      'x-amz-sdk-checksum-algorithm': 'CRC32',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    },
    body: Buffer.from(`a\r\n<Tagging/>\r\n0\r\nx-amz-checksum-crc32:${crc32}\r\n\r\n`),
  });
  await verifyBody(operation, headers, body as Buffer);
}

test('a checksum behind a body that is no upload is verified, too', async () => {
  // As Python's zlib.crc32 counts it.
  await verifyTrailing('KGSaeQ==');
  await expect(verifyTrailing('AAAAAA==')).rejects.toMatchObject({ code: 'BadDigest' });
});
