import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from './s3-test.ts';

async function enableVersioning(s3: S3Client, Bucket: string): Promise<void> {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
}

async function put(s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  return (await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'content' }))).VersionId;
}

test('versions and delete markers are listed newest first', async ({ s3, bucket: Bucket }) => {
  await enableVersioning(s3, Bucket);
  const first = await put(s3, Bucket, 'a');
  const second = await put(s3, Bucket, 'a');
  const { VersionId: marker } = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  const other = await put(s3, Bucket, 'b');
  const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest])).toEqual([
    ['a', second, false],
    ['a', first, false],
    ['b', other, true],
  ]);
  expect(DeleteMarkers).toEqual([
    { Key: 'a', VersionId: marker, IsLatest: true, LastModified: expect.any(Date), Owner: { ID: expect.any(String) } },
  ]);
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents?.map(({ Key }) => Key)).toEqual(['b']);
});

test('pages of versions go on within a key, also when the marked version was deleted', async ({
  s3,
  bucket: Bucket,
}) => {
  await enableVersioning(s3, Bucket);
  const ids: (string | undefined)[] = [];
  for (let index = 0; index < 5; index += 1) ids.unshift(await put(s3, Bucket, 'a'));
  const first = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2 }));
  expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'a', NextVersionIdMarker: ids[1] });
  const rest = { Bucket, KeyMarker: first.NextKeyMarker, VersionIdMarker: first.NextVersionIdMarker };
  const second = await s3.send(new ListObjectVersionsCommand(rest));
  expect(second.Versions?.map(({ VersionId }) => VersionId)).toEqual(ids.slice(2));
  for (const VersionId of ids.slice(0, 2)) await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));
  const third = await s3.send(new ListObjectVersionsCommand(rest));
  expect(third.Versions?.map(({ VersionId }) => VersionId)).toEqual(ids.slice(2));
  expect(third.Versions?.[0]?.IsLatest).toBe(true);
});

test('a bucket that was never versioned lists the version null', async ({ s3, bucket: Bucket }) => {
  await put(s3, Bucket, 'a');
  const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions).toMatchObject([{ Key: 'a', VersionId: 'null', IsLatest: true }]);
});

test('a version marker is worth nothing without its key', async ({ s3, bucket: Bucket }) => {
  await expect(s3.send(new ListObjectVersionsCommand({ Bucket, VersionIdMarker: 'null' }))).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: 'A version-id marker cannot be specified without a key marker.',
  });
});
