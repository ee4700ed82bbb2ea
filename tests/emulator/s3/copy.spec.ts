import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from './s3-test.ts';

const etag = '"5d41402abc4b2a76b9719d911017c592"';
const key = 'dir/ü +%.txt';

function copy(s3: S3Client, Bucket: string, more: Partial<CopyObjectCommandInput> = {}) {
  const CopySource = `${Bucket}/${encodeURIComponent(key)}`;
  return s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ...more }));
}

test.beforeEach(async ({ s3, bucket: Bucket }) => {
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: key,
      Body: 'hello',
      ContentType: 'text/plain',
      Metadata: { kept: 'yes' },
      Tagging: 'a=1',
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/x',
    }),
  );
});

test('a copy has the content, metadata and tags of its source, and the rest of its own', async ({
  s3,
  bucket: Bucket,
}) => {
  const { CopyObjectResult, ServerSideEncryption } = await copy(s3, Bucket);
  expect(CopyObjectResult).toEqual({ ETag: etag, ChecksumCRC32: 'NhCmhg==', LastModified: expect.any(Date) });
  expect(ServerSideEncryption).toBe('AES256');
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'copy' }));
  expect(await got.Body?.transformToString()).toBe('hello');
  expect(got).toMatchObject({ ContentType: 'text/plain', Metadata: { kept: 'yes' }, TagCount: 1 });
  expect([got.StorageClass, got.WebsiteRedirectLocation]).toEqual([undefined, undefined]);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
  const after = await s3.send(new GetObjectCommand({ Bucket, Key: 'copy' }));
  expect(await after.Body?.transformToString(), 'without its source').toBe('hello');
});

test('metadata and tags can be replaced', async ({ s3, bucket: Bucket }) => {
  await copy(s3, Bucket, {
    MetadataDirective: 'REPLACE',
    Metadata: { fresh: 'one' },
    TaggingDirective: 'REPLACE',
    Tagging: 'b=2',
    ChecksumAlgorithm: 'SHA1',
  });
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy', ChecksumMode: 'ENABLED' }));
  expect(head).toMatchObject({
    Metadata: { fresh: 'one' },
    ContentType: 'binary/octet-stream',
    ChecksumSHA1: 'qvTGHdzF6KLavt4PO0gs2a6pQ00=',
  });
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'copy' }));
  expect(TagSet).toEqual([{ Key: 'b', Value: '2' }]);
});

test('a copy onto itself has to change something', async ({ s3, bucket: Bucket }) => {
  await expect(copy(s3, Bucket, { Key: key })).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: expect.stringContaining('trying to copy an object to itself without changing'),
  });
  await copy(s3, Bucket, { Key: key, MetadataDirective: 'REPLACE', Metadata: { new: 'one' } });
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
  expect([await got.Body?.transformToString(), got.Metadata]).toEqual(['hello', { new: 'one' }]);
});

for (const [condition, input] of [
  ['If-Match', () => ({ CopySourceIfMatch: '"other"' })],
  ['If-None-Match', () => ({ CopySourceIfNoneMatch: etag })],
  ['If-Modified-Since', () => ({ CopySourceIfModifiedSince: new Date() })],
  ['If-Unmodified-Since', () => ({ CopySourceIfUnmodifiedSince: new Date(0) })],
] as const) {
  test(`a source that does not meet ${condition} is not copied`, async ({ s3, bucket: Bucket }) => {
    await expect(copy(s3, Bucket, input())).rejects.toMatchObject({
      name: 'PreconditionFailed',
      Condition: `x-amz-copy-source-${condition}`,
      $metadata: { httpStatusCode: 412 },
    });
  });
}

test('an older version can be copied, a delete marker cannot', async ({ s3, bucket: Bucket }) => {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: 'v', Body: 'older' }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'v', Body: 'newer' }));
  const copied = await copy(s3, Bucket, { CopySource: `/${Bucket}/v?versionId=${VersionId}` });
  expect(copied).toMatchObject({ CopySourceVersionId: VersionId, VersionId: expect.stringMatching(/^[\w.]{32}$/) });
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'copy' }));
  expect(await got.Body?.transformToString()).toBe('older');

  const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'v' }));
  await expect(copy(s3, Bucket, { CopySource: `${Bucket}/v` })).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(copy(s3, Bucket, { CopySource: `${Bucket}/v?versionId=${marker.VersionId}` })).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: expect.stringContaining('delete marker'),
  });
});

test('a source may be encoded as a whole, with the slash behind the bucket', async ({ s3, bucket: Bucket }) => {
  for (const CopySource of [`${Bucket}/${key}`, `/${Bucket}/${key}`].map(encodeURIComponent)) {
    const { CopyObjectResult } = await copy(s3, Bucket, { CopySource });
    expect(CopyObjectResult?.ETag).toBe(etag);
  }
});

test('a source that there is not, or that is none, is refused', async ({ s3, bucket: Bucket }) => {
  await expect(copy(s3, Bucket, { CopySource: `${Bucket}/none` })).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(copy(s3, Bucket, { CopySource: `${Bucket}-x/none` })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  await expect(copy(s3, Bucket, { CopySource: 'nothing' })).rejects.toMatchObject({ name: 'InvalidArgument' });
});
