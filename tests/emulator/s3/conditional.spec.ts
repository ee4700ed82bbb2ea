import { GetObjectCommand, HeadObjectCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from './s3-test.ts';

const etag = '"5d41402abc4b2a76b9719d911017c592"';
const hour = 3_600_000;
const past = () => new Date(Date.now() - hour);

test.describe('a read', () => {
  test.beforeEach(async ({ s3, bucket: Bucket }) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello' }));
  });

  for (const [name, conditions] of [
    ['of the ETag', () => ({ IfMatch: etag })],
    ['of the ETag without its quotes', () => ({ IfMatch: etag.slice(1, -1) })],
    ['of any ETag', () => ({ IfMatch: '*' })],
    ['of another ETag not', () => ({ IfNoneMatch: '"other"' })],
    ['modified since yesterday', () => ({ IfModifiedSince: past() })],
    ['unmodified since now', () => ({ IfUnmodifiedSince: new Date(Date.now() + hour) })],
    ['of the ETag, though modified meanwhile', () => ({ IfMatch: etag, IfUnmodifiedSince: past() })],
    ['of another ETag not, though not modified', () => ({ IfNoneMatch: '"x"', IfModifiedSince: new Date() })],
    ['modified since a time to come', () => ({ IfModifiedSince: new Date(Date.now() + hour) })],
  ] as const) {
    test(`${name} is answered`, async ({ s3, bucket: Bucket }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'o', ...conditions() }));
      expect(await Body?.transformToString()).toBe('hello');
    });
  }

  for (const [name, conditions, condition] of [
    ['of another ETag', () => ({ IfMatch: '"other"' }), 'If-Match'],
    ['unmodified since yesterday', () => ({ IfUnmodifiedSince: past() }), 'If-Unmodified-Since'],
  ] as const) {
    test(`${name} fails its precondition`, async ({ s3, bucket: Bucket }) => {
      await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'o', ...conditions() }))).rejects.toMatchObject({
        name: 'PreconditionFailed',
        Condition: condition,
        $metadata: { httpStatusCode: 412 },
      });
    });
  }

  for (const [name, conditions] of [
    ['not of the ETag', () => ({ IfNoneMatch: etag })],
    ['not of any ETag', () => ({ IfNoneMatch: '*' })],
    ['not of the ETag, though modified since', () => ({ IfNoneMatch: etag, IfModifiedSince: past() })],
    ['modified since now', () => ({ IfModifiedSince: new Date() })],
  ] as const) {
    test(`${name} is not modified`, async ({ s3, bucket: Bucket }) => {
      const input = { Bucket, Key: 'o', ...conditions() };
      for (const send of [() => s3.send(new GetObjectCommand(input)), () => s3.send(new HeadObjectCommand(input))]) {
        await expect(send()).rejects.toMatchObject({
          $metadata: { httpStatusCode: 304 },
          $response: { headers: { etag, 'last-modified': expect.stringMatching(/GMT$/) } },
        });
      }
    });
  }
});

test('If-None-Match * writes only what is not there, a delete marker being nothing', async ({ s3, bucket: Bucket }) => {
  const put = (more: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'x', ...more }));
  await put({ IfNoneMatch: '*' });
  await expect(put({ IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
    Condition: 'If-None-Match',
    $metadata: { httpStatusCode: 412 },
  });
});

test('of writers at the same time with If-None-Match * one wins', async ({ s3, bucket: Bucket }) => {
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) =>
      s3.send(new PutObjectCommand({ Bucket, Key: 'lock', Body: `${i}`, IfNoneMatch: '*' })),
    ),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('If-Match replaces only what it names', async ({ s3, bucket: Bucket }) => {
  const put = (more: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello', ...more }));
  await expect(put({ IfMatch: etag })).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
  await put({});
  await expect(put({ IfMatch: '"other"' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
    Condition: 'If-Match',
  });
  // With one of its quotes it is still the same tag.
  await put({ IfMatch: etag.slice(1) });
  await put({ IfMatch: etag.slice(0, -1) });
  expect(await put({ IfMatch: etag, Body: 'new' })).toMatchObject({ ETag: '"22af645d1859cb5ca6da0c484f1f37ea"' });
});

test('write conditions that S3 does not know are refused by name', async ({ s3, bucket: Bucket }) => {
  const put = (more: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: '', ...more }));
  await expect(put({ IfNoneMatch: etag })).rejects.toMatchObject({
    name: 'NotImplemented',
    Header: 'If-None-Match',
    additionalMessage: "We don't accept the provided value of If-None-Match header for this API",
    $metadata: { httpStatusCode: 501 },
  });
  await expect(put({ IfMatch: '*' })).rejects.toMatchObject({ name: 'NotImplemented', Header: 'If-Match' });
  await expect(put({ IfMatch: etag, IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'NotImplemented',
    Header: 'If-Match,If-None-Match',
  });
});

test('a suspended bucket keeps its versions and replaces the null one', async ({ s3, bucket: Bucket }) => {
  const versioning = (Status: 'Enabled' | 'Suspended') =>
    s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  const put = (Body: string) => s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body }));
  await put('first');
  await versioning('Enabled');
  const { VersionId } = await put('second');
  expect(VersionId).toMatch(/^[\w.]{32}$/);
  await versioning('Suspended');
  expect((await put('third')).VersionId, 'as S3 answers').toBeUndefined();
  const read = async (version?: string) => {
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'o', VersionId: version }));
    return [got.VersionId, await got.Body?.transformToString()];
  };
  expect(await read()).toEqual(['null', 'third']);
  expect(await read('null')).toEqual(['null', 'third']);
  expect(await read(VersionId)).toEqual([VersionId, 'second']);
});
