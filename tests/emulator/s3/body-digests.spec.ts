import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from './s3-test.ts';

/** Sets headers in place of those that the SDK computed, before it signs; undefined takes one away. */
function sending<Command extends { readonly middlewareStack: { add: (...args: never[]) => void } }>(
  command: Command,
  headers: Readonly<Record<string, string | undefined>>,
): Command {
  type Next = (args: { request: { headers: Record<string, string | undefined> } }) => unknown;
  const add = command.middlewareStack.add.bind(command.middlewareStack) as unknown as (
    middleware: (next: Next) => Next,
    options: object,
  ) => void;
  const set =
    (next: Next): Next =>
    (args) => {
      for (const [name, value] of Object.entries(headers)) {
        if (value === undefined) delete args.request.headers[name];
        else args.request.headers[name] = value;
      }
      return next(args);
    };
  add(set, { step: 'build', priority: 'low', name: 'setHeaders' });
  return command;
}

const noDigest = { 'x-amz-checksum-crc32': undefined, 'x-amz-sdk-checksum-algorithm': undefined };
const wrongMd5 = createHash('md5').update('something else').digest('base64');
const tagging = (Bucket: string) =>
  new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } });

for (const [what, headers, refusal] of [
  ['another Content-MD5', { 'content-md5': wrongMd5 }, { name: 'BadDigest', ExpectedDigest: wrongMd5 }],
  ['a Content-MD5 that is none', { 'content-md5': 'abc' }, { name: 'InvalidDigest' }],
  ['another checksum', { 'x-amz-checksum-crc32': 'AAAAAA==' }, { name: 'BadDigest' }],
  ['a checksum that is none', { 'x-amz-checksum-crc32': 'AAAA' }, { name: 'InvalidRequest' }],
  [
    'an algorithm without its checksum',
    { 'x-amz-checksum-crc32': undefined, 'x-amz-sdk-checksum-algorithm': 'CRC32' },
    { name: 'InvalidRequest' },
  ],
  [
    'an algorithm with the checksum of another',
    { 'x-amz-sdk-checksum-algorithm': 'SHA256' },
    { name: 'InvalidRequest', message: 'Value for x-amz-sdk-checksum-algorithm header is invalid.' },
  ],
] as const) {
  test(`a body with ${what} is refused and changes nothing`, async ({ s3, bucket: Bucket }) => {
    await expect(s3.send(sending(tagging(Bucket), headers))).rejects.toMatchObject({
      ...refusal,
      $metadata: { httpStatusCode: 400 },
    });
    await expect(s3.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({ name: 'NoSuchTagSet' });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello' }));
    const deletion = new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'o' }] } });
    await expect(s3.send(sending(deletion, headers))).rejects.toMatchObject(refusal);
  });
}

test('a body with the right digests is taken, whichever they are', async ({ s3, bucket: Bucket }) => {
  for (const ChecksumAlgorithm of ['CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
    await s3.send(new PutBucketTaggingCommand({ ...tagging(Bucket).input, ChecksumAlgorithm }));
  }
  const body =
    '<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>';
  const command = tagging(Bucket);
  const md5 = createHash('md5').update(`<?xml version="1.0" encoding="UTF-8"?>${body}`).digest('base64');
  await s3.send(sending(command, { ...noDigest, 'content-md5': md5 }));
  const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
  expect(TagSet).toEqual([{ Key: 'a', Value: 'b' }]);
});

test("the checksum that completes an upload is the object's, not that of the list of parts", async ({
  s3,
  bucket: Bucket,
}) => {
  const upload = { Bucket, Key: 'o' };
  const created = await s3.send(
    new CreateMultipartUploadCommand({ ...upload, ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' }),
  );
  const part = { ...upload, UploadId: created.UploadId, PartNumber: 1 };
  const { ETag, ChecksumCRC32 } = await s3.send(
    new UploadPartCommand({ ...part, Body: 'hello', ChecksumAlgorithm: 'CRC32' }),
  );
  const completed = await s3.send(
    new CompleteMultipartUploadCommand({
      ...upload,
      UploadId: created.UploadId,
      ChecksumCRC32,
      ChecksumType: 'FULL_OBJECT',
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ChecksumCRC32 }] },
    }),
  );
  expect(completed).toMatchObject({ ChecksumCRC32: 'NhCmhg==', ChecksumType: 'FULL_OBJECT' });
});
