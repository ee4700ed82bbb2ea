import { ListObjectsV2Command, paginateListObjectsV2, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['s3'] });

async function putAll(client: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((Key) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }))));
}

test('keys are listed in the order of their bytes', async ({ aws, bucket }) => {
  // A UTF-16 comparison, JavaScript's own, would have the last two the other way round.
  const keys = ['Zebra', 'apple', 'apple/1', 'apple-1', 'zebra', 'ä', '\u{10000}', '\u{ff5e}'];
  await putAll(aws.s3, bucket.name, keys);
  const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket.name }));
  expect(Contents.map(({ Key }) => Key)).toEqual(
    keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
});

test('a delimiter makes folders of common prefixes', async ({ aws, bucket }) => {
  await putAll(aws.s3, bucket.name, ['readme', 'src/a', 'src/b', 'src/lib/c', 'test/a']);
  const root = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket.name, Delimiter: '/' }));
  expect(root.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['src/', 'test/']);
  expect(root.Contents?.map(({ Key }) => Key)).toEqual(['readme']);
  expect(root.KeyCount).toBe(3);

  const inside = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket.name, Delimiter: '/', Prefix: 'src/' }));
  expect(inside.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['src/lib/']);
  expect(inside.Contents?.map(({ Key }) => Key)).toEqual(['src/a', 'src/b']);
});

test('pages follow one another without a gap or a repetition', async ({ aws, bucket }) => {
  const keys = Array.from({ length: 25 }, (_, index) => `key-${String(index).padStart(2, '0')}`);
  await putAll(aws.s3, bucket.name, keys);

  const pages: (string | undefined)[][] = [];
  for await (const page of paginateListObjectsV2({ client: aws.s3, pageSize: 10 }, { Bucket: bucket.name })) {
    pages.push((page.Contents ?? []).map(({ Key }) => Key));
  }
  expect(pages.map(({ length }) => length)).toEqual([10, 10, 5]);
  expect(pages.flat()).toEqual(keys);

  const after = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket.name, StartAfter: 'key-22' }));
  expect(after.Contents?.map(({ Key }) => Key)).toEqual(['key-23', 'key-24']);
});

test('an empty bucket has nothing to list', async ({ aws, bucket }) => {
  const page = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket.name }));
  expect(page).toMatchObject({ KeyCount: 0, IsTruncated: false });
  expect(page.Contents ?? []).toEqual([]);
});
