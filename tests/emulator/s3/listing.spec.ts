import { ListObjectsCommand, ListObjectsV2Command, paginateListObjectsV2, PutObjectCommand } from '@aws-sdk/client-s3';
import { send, signInHeader } from '../auth/wire-request.ts';
import { credentials } from '../credentials.ts';
import { expect, putAll, test } from './s3-test.ts';

test('an empty bucket lists as S3 lists it', async ({ s3, bucket: Bucket }) => {
  const { $metadata: _, ...v1 } = await s3.send(new ListObjectsCommand({ Bucket }));
  expect(v1).toEqual({ Name: Bucket, Prefix: '', Marker: '', MaxKeys: 1000, IsTruncated: false });
  const { $metadata: __, ...v2 } = await s3.send(new ListObjectsV2Command({ Bucket }));
  expect(v2).toEqual({ Name: Bucket, Prefix: '', KeyCount: 0, MaxKeys: 1000, IsTruncated: false });
});

test('an entry says what HeadObject would', async ({ s3, bucket: Bucket }) => {
  const put = await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'abc', StorageClass: 'STANDARD_IA' }));
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, FetchOwner: true }));
  expect(Contents).toEqual([
    {
      Key: 'a',
      Size: 3,
      ETag: put.ETag,
      StorageClass: 'STANDARD_IA',
      LastModified: expect.any(Date),
      ChecksumAlgorithm: ['CRC32'],
      ChecksumType: 'FULL_OBJECT',
      Owner: { ID: expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
  ]);
  expect(Contents?.[0]?.LastModified?.getMilliseconds()).toBe(0);
});

test('pages put together are all keys, in the order of their UTF-8 bytes', async ({ s3, bucket: Bucket }) => {
  const keys = ['B', 'a', 'a b', 'a+b', 'a/b', 'é', '\u{ff5e}', '\u{1f600}'];
  await putAll(s3, Bucket, keys.toReversed());
  const listed: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3, pageSize: 3 }, { Bucket })) {
    for (const { Key = '' } of page.Contents ?? []) listed.push(Key);
  }
  expect(listed).toEqual(keys);
});

test('a delimiter rolls keys up, each common prefix counting as one', async ({ s3, bucket: Bucket }) => {
  await putAll(s3, Bucket, ['p/a/1', 'p/a/2', 'p/b', 'p/c/1', 'q']);
  const first = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'p/', Delimiter: '/', MaxKeys: 2 }));
  expect(first).toMatchObject({ KeyCount: 2, IsTruncated: true, CommonPrefixes: [{ Prefix: 'p/a/' }] });
  expect(first.Contents?.map(({ Key }) => Key)).toEqual(['p/b']);
  const rest = await s3.send(
    new ListObjectsV2Command({
      Bucket,
      Prefix: 'p/',
      Delimiter: '/',
      MaxKeys: 2,
      ContinuationToken: first.NextContinuationToken,
    }),
  );
  expect(rest).toMatchObject({ KeyCount: 1, IsTruncated: false, CommonPrefixes: [{ Prefix: 'p/c/' }] });
});

test('keys that XML cannot carry are listed with encoding type url', async ({ s3, bucket: Bucket }) => {
  await putAll(s3, Bucket, ['a\u0001b c']);
  const { Contents, EncodingType } = await s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
  expect(EncodingType).toBe('url');
  expect(Contents?.map(({ Key }) => Key)).toEqual(['a%01b+c']);
});

test('wrong arguments are refused by name', async ({ s3, bucket: Bucket }) => {
  await expect(s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: 'made-up' }))).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: 'The continuation token provided is incorrect',
    ArgumentName: 'continuation-token',
  });
  await expect(s3.send(new ListObjectsCommand({ Bucket, MaxKeys: -1 }))).rejects.toMatchObject({
    name: 'InvalidArgument',
    ArgumentName: 'maxKeys',
    ArgumentValue: '-1',
  });
  await expect(s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 2 ** 31 }))).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: 'Provided max-keys not an integer or within integer range',
    ArgumentName: 'max-keys',
  });
  await expect(s3.send(new ListObjectsV2Command({ Bucket: `${Bucket}-missing` }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
    $metadata: { httpStatusCode: 404 },
  });
});

test('a number without digits counts as none', async ({ emulator, bucket }) => {
  const { host } = new URL(emulator.endpoint);
  const request = { method: 'GET', path: `/${bucket}`, query: { 'max-keys': '' }, headers: {}, body: '' };
  const signed = await signInHeader(request, { ...credentials, service: 's3' }, host);
  const answer = await send(emulator.endpoint, signed);
  expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('<MaxKeys>1000</MaxKeys>') });
});

test('a listing says where its bucket is', async ({ emulator, bucket }) => {
  const region = async (query: Record<string, string>) => {
    const request = { method: 'GET', path: `/${bucket}`, query, headers: {}, body: '' };
    const signed = await signInHeader(request, { ...credentials, service: 's3' }, new URL(emulator.endpoint).host);
    const { headers } = await send(emulator.endpoint, signed);
    return headers['x-amz-bucket-region'];
  };
  expect(await region({})).toBe('us-east-1');
  expect(await region({ 'list-type': '2', prefix: 'a' })).toBe('us-east-1');
  expect(await region({ acl: '' })).toBeUndefined();
});
