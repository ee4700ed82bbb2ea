import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { test as base } from '../emulator-test.ts';

export { expect } from '../emulator-test.ts';

/** The test function of S3's contract tests: `s3` is a client, `bucket` one's own bucket, emptied and deleted behind the test. */
export const test = base.extend<{ bucket: string }, { s3: S3Client }>({
  s3: [
    async ({ connection }, use) => {
      const client = new S3Client(connection);
      await use(client);
      client.destroy();
    },
    { scope: 'worker' },
  ],
  bucket: async ({ s3, uniqueName: Bucket }, use) => {
    await s3.send(new CreateBucketCommand({ Bucket }));
    await use(Bucket);
    await emptyBucket(s3, Bucket);
    await s3.send(new DeleteBucketCommand({ Bucket }));
  },
});

/** Puts small objects, one after the other. */
export async function putAll(s3: S3Client, Bucket: string, keys: readonly string[]): Promise<void> {
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: `content of ${Key}` }));
}

/** Deletes all versions, and aborts uploads. */
export async function emptyBucket(client: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const versions = [...Versions, ...DeleteMarkers];
    if (versions.length === 0) break;
    for (const { Key, VersionId } of versions) await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  }
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads)
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
}
