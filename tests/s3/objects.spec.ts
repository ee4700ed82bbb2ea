import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['s3'] });

test('an object comes back as it was put', async ({ aws, bucket }) => {
  const Body = Buffer.from([0, 1, 2, 253, 254, 255]);
  const put = await aws.s3.send(
    new PutObjectCommand({
      Bucket: bucket.name,
      Key: 'reports/2026.bin',
      Body,
      ContentType: 'application/x-report',
      CacheControl: 'max-age=60',
      Metadata: { author: 'Ada', 'page-count': '3' },
    }),
  );
  expect(put.ETag).toMatch(/^"[0-9a-f]{32}"$/);

  const got = await aws.s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: 'reports/2026.bin' }));
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(Body);
  expect(got).toMatchObject({
    ETag: put.ETag,
    ContentLength: Body.length,
    ContentType: 'application/x-report',
    CacheControl: 'max-age=60',
    Metadata: { author: 'Ada', 'page-count': '3' },
  });
  const head = await aws.s3.send(new HeadObjectCommand({ Bucket: bucket.name, Key: 'reports/2026.bin' }));
  expect(head).toMatchObject({ ETag: put.ETag, ContentLength: Body.length, Metadata: { author: 'Ada' } });
});

test('a second put replaces the first', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'state.json' };
  await aws.s3.send(new PutObjectCommand({ ...object, Body: '{"n":1}', Metadata: { writer: 'first' } }));
  await aws.s3.send(new PutObjectCommand({ ...object, Body: '{"n":22}' }));

  const got = await aws.s3.send(new GetObjectCommand(object));
  expect(await got.Body?.transformToString()).toBe('{"n":22}');
  expect(got.Metadata ?? {}).toEqual({});
});

test('an object that is not there is NoSuchKey, and NotFound to HEAD', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'nobody/put/this' };
  await expect(aws.s3.send(new GetObjectCommand(object))).toBeAwsError('NoSuchKey');
  await expect(aws.s3.send(new HeadObjectCommand(object))).toBeAwsError('NotFound');
});

test('a bucket that is not there is NoSuchBucket', async ({ aws, namespace }) => {
  const object = { Bucket: `${namespace}-never-made`, Key: 'key' };
  await expect(aws.s3.send(new PutObjectCommand({ ...object, Body: 'x' }))).toBeAwsError('NoSuchBucket');
});

for (const { range, bytes, contentRange } of [
  { range: 'bytes=0-3', bytes: '0123', contentRange: 'bytes 0-3/10' },
  { range: 'bytes=7-', bytes: '789', contentRange: 'bytes 7-9/10' },
  { range: 'bytes=-2', bytes: '89', contentRange: 'bytes 8-9/10' },
  { range: 'bytes=8-100', bytes: '89', contentRange: 'bytes 8-9/10' },
]) {
  test(`the range ${range} of an object is read alone`, async ({ aws, bucket }) => {
    const object = { Bucket: bucket.name, Key: 'digits' };
    await aws.s3.send(new PutObjectCommand({ ...object, Body: '0123456789' }));

    const got = await aws.s3.send(new GetObjectCommand({ ...object, Range: range }));
    expect(await got.Body?.transformToString()).toBe(bytes);
    expect(got.ContentRange).toBe(contentRange);
    expect(got.$metadata.httpStatusCode).toBe(206);
  });
}

test('a range behind the end is InvalidRange', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'digits' };
  await aws.s3.send(new PutObjectCommand({ ...object, Body: '0123456789' }));
  await expect(aws.s3.send(new GetObjectCommand({ ...object, Range: 'bytes=10-' }))).toBeAwsError('InvalidRange');
});

for (const key of [
  'a b+c&d=e?f#g%h',
  'größe/日本語/🚀.txt',
  'double//slash',
  'trailing/',
  'quotes\'"<>&',
  '.',
  'a/../b',
]) {
  test(`the key ${JSON.stringify(key)} is kept as it is`, async ({ aws, bucket }) => {
    await aws.s3.send(new PutObjectCommand({ Bucket: bucket.name, Key: key, Body: key }));
    const got = await aws.s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
    expect(await got.Body?.transformToString()).toBe(key);
    await aws.s3.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: key }));
    await expect(aws.s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }))).toBeAwsError('NoSuchKey');
  });
}

test('a copy has the metadata of its source, or its own', async ({ aws, bucket }) => {
  const Bucket = bucket.name;
  await aws.s3.send(
    new PutObjectCommand({
      Bucket,
      Key: 'plan v1.txt',
      Body: 'the plan',
      Metadata: { status: 'draft' },
      ContentType: 'text/plain',
    }),
  );
  const CopySource = `${Bucket}/${encodeURIComponent('plan v1.txt')}`;
  await aws.s3.send(new CopyObjectCommand({ Bucket, Key: 'same.txt', CopySource }));
  await aws.s3.send(
    new CopyObjectCommand({
      Bucket,
      Key: 'other.txt',
      CopySource,
      MetadataDirective: 'REPLACE',
      Metadata: { status: 'final' },
      ContentType: 'text/markdown',
    }),
  );

  const same = await aws.s3.send(new GetObjectCommand({ Bucket, Key: 'same.txt' }));
  expect(await same.Body?.transformToString()).toBe('the plan');
  expect(same).toMatchObject({ Metadata: { status: 'draft' }, ContentType: 'text/plain' });
  const other = await aws.s3.send(new HeadObjectCommand({ Bucket, Key: 'other.txt' }));
  expect(other).toMatchObject({ Metadata: { status: 'final' }, ContentType: 'text/markdown' });
});

test('deleting is the same whether or not the object is there', async ({ aws, bucket }) => {
  const Bucket = bucket.name;
  await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'one', Body: '1' }));
  await aws.s3.send(new DeleteObjectCommand({ Bucket, Key: 'one' }));
  await aws.s3.send(new DeleteObjectCommand({ Bucket, Key: 'one' }));

  await aws.s3.send(new PutObjectCommand({ Bucket, Key: 'two', Body: '2' }));
  const { Deleted = [], Errors = [] } = await aws.s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'two' }, { Key: 'never' }] } }),
  );
  expect(new Set(Deleted.map(({ Key }) => Key))).toEqual(new Set(['never', 'two']));
  expect(Errors).toEqual([]);
  await expect(aws.s3.send(new HeadObjectCommand({ Bucket, Key: 'two' }))).toBeAwsError('NotFound');
});
