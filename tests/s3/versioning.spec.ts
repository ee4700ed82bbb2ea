import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['s3'] });

test.beforeEach(async ({ aws, bucket }) => {
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await aws.s3.send(new PutBucketVersioningCommand({ Bucket: bucket.name, VersioningConfiguration }));
});

test('every version can be read by its id', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'report' };
  const first = await aws.s3.send(new PutObjectCommand({ ...object, Body: 'first' }));
  const second = await aws.s3.send(new PutObjectCommand({ ...object, Body: 'second' }));
  expect(first.VersionId).not.toBe(second.VersionId);

  const latest = await aws.s3.send(new GetObjectCommand(object));
  expect([await latest.Body?.transformToString(), latest.VersionId]).toEqual(['second', second.VersionId]);
  const older = await aws.s3.send(new GetObjectCommand({ ...object, VersionId: first.VersionId }));
  expect(await older.Body?.transformToString()).toBe('first');
});

test('what was deleted comes back when its delete marker goes', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'precious' };
  await aws.s3.send(new PutObjectCommand({ ...object, Body: 'still here' }));
  const deleted = await aws.s3.send(new DeleteObjectCommand(object));
  expect(deleted.DeleteMarker).toBe(true);
  await expect(aws.s3.send(new HeadObjectCommand(object))).toBeAwsError('NotFound');

  const { Versions = [], DeleteMarkers = [] } = await aws.s3.send(
    new ListObjectVersionsCommand({ Bucket: bucket.name }),
  );
  expect(Versions.map(({ IsLatest }) => IsLatest)).toEqual([false]);
  expect(DeleteMarkers.map(({ IsLatest, VersionId }) => [IsLatest, VersionId])).toEqual([[true, deleted.VersionId]]);

  await aws.s3.send(new DeleteObjectCommand({ ...object, VersionId: deleted.VersionId }));
  const got = await aws.s3.send(new GetObjectCommand(object));
  expect(await got.Body?.transformToString()).toBe('still here');
});
