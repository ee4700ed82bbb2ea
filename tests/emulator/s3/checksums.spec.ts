import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from './s3-test.ts';

const checksums = {
  CRC32: 'NhCmhg==',
  CRC32C: 'mnG7TA==',
  CRC64NVME: 'M3eFcAZSQlc=',
  SHA1: 'qvTGHdzF6KLavt4PO0gs2a6pQ00=',
  SHA256: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
} as const;

type Algorithm = keyof typeof checksums;

for (const [algorithm, value] of Object.entries(checksums) as [Algorithm, string][]) {
  const member = `Checksum${algorithm}` as const;

  test(`${algorithm} in a header is verified, stored and returned`, async ({ s3, bucket: Bucket }) => {
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello', [member]: value }));
    expect(put).toMatchObject({ [member]: value, ChecksumType: 'FULL_OBJECT' });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'o', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ [member]: value, ChecksumType: 'FULL_OBJECT' });
  });

  test(`a wrong ${algorithm} leaves the old object`, async ({ s3, bucket: Bucket }) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'old' }));
    await expect(
      s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'harmed', [member]: value })),
    ).rejects.toMatchObject({
      name: 'BadDigest',
      message: `The ${algorithm} you specified did not match the calculated checksum.`,
      $metadata: { httpStatusCode: 400 },
    });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'o' }));
    expect(await Body?.transformToString()).toBe('old');
  });

  test(`${algorithm} behind a stream is verified, stored and returned`, async ({ s3, bucket: Bucket }) => {
    const Body = Readable.from([Buffer.from('hel'), Buffer.from('lo')]);
    const put = await s3.send(
      new PutObjectCommand({ Bucket, Key: 'o', Body, ContentLength: 5, ChecksumAlgorithm: algorithm }),
    );
    expect(put).toMatchObject({ [member]: value, ChecksumType: 'FULL_OBJECT' });
  });

  test(`what is no ${algorithm} is refused`, async ({ s3, bucket: Bucket }) => {
    await expect(
      s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello', [member]: 'AAA=' })),
    ).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: `Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`,
    });
  });
}

test('S3 adds a CRC64NVME to what comes without a checksum', async ({ connection, bucket: Bucket }) => {
  const plain = new S3Client({ ...connection, requestChecksumCalculation: 'WHEN_REQUIRED' });
  try {
    const put = await plain.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello' }));
    expect(put).toMatchObject({ ChecksumCRC64NVME: checksums.CRC64NVME, ChecksumType: 'FULL_OBJECT' });
    expect(put.ChecksumCRC32).toBeUndefined();
  } finally {
    plain.destroy();
  }
});

test('two checksums at once are refused', async ({ s3, bucket: Bucket }) => {
  await expect(
    s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'o',
        Body: 'hello',
        ChecksumCRC32: checksums.CRC32,
        ChecksumSHA1: checksums.SHA1,
      }),
    ),
  ).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
  });
});

test('a checksum that is not verified here is refused', async ({ s3, bucket: Bucket }) => {
  await expect(
    s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello', ChecksumXXHASH64: 'AAAAAAAAAAA=' })),
  ).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
});

for (const ChecksumAlgorithm of ['SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128'] as const) {
  test(`${ChecksumAlgorithm}, which S3 has and this does not, is refused by name`, async ({ s3, bucket: Bucket }) => {
    const refused = {
      name: 'NotImplemented',
      message: `The emulator does not implement ${ChecksumAlgorithm} checksums; nothing was done.`,
    };
    const object = { Bucket, Key: 'o' };
    await s3.send(new PutObjectCommand({ ...object, Body: 'hello' }));
    const create = new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm });
    await expect(s3.send(create)).rejects.toMatchObject(refused);
    const copy = new CopyObjectCommand({ ...object, CopySource: `${Bucket}/o`, ChecksumAlgorithm });
    await expect(s3.send(copy)).rejects.toMatchObject(refused);
  });
}

test('Content-MD5 is verified', async ({ s3, bucket: Bucket }) => {
  const put = (ContentMD5: string) => s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello', ContentMD5 }));
  await put(createHash('md5').update('hello').digest('base64'));
  await expect(put(createHash('md5').update('other').digest('base64'))).rejects.toMatchObject({
    name: 'BadDigest',
    message: 'The Content-MD5 you specified did not match what we received.',
    CalculatedDigest: 'XUFAKrxLKna5cZ2REBfFkg==',
  });
  await expect(put('no MD5')).rejects.toMatchObject({ name: 'InvalidDigest', 'Content-MD5': 'no MD5' });
});

test('the checksum of the whole does not come with a range', async ({ s3, bucket: Bucket }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello', ChecksumAlgorithm: 'SHA1' }));
  const range = (Range: string) => s3.send(new HeadObjectCommand({ Bucket, Key: 'o', Range, ChecksumMode: 'ENABLED' }));
  expect((await range('bytes=0-1')).ChecksumSHA1).toBeUndefined();
  expect((await range('bytes=0-')).ChecksumSHA1, 'a range that is the whole').toBe(checksums.SHA1);
});
