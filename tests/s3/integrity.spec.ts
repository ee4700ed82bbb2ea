import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type ChecksumAlgorithm, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['s3'] });

const checksums: Partial<Record<ChecksumAlgorithm, string>> = {
  CRC32: 'DUoRhQ==',
  CRC32C: 'yZRlqg==',
  SHA1: 'Kq5sNclPz7QV2+lfQIuc6R7oRu0=',
  SHA256: 'uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=',
};

for (const [algorithm, checksum] of Object.entries(checksums)) {
  test(`a ${algorithm} checksum is kept with the object`, async ({ aws, bucket }) => {
    const object = { Bucket: bucket.name, Key: 'greeting' };
    await aws.s3.send(
      new PutObjectCommand({ ...object, Body: 'hello world', ChecksumAlgorithm: algorithm as ChecksumAlgorithm }),
    );
    const head = await aws.s3.send(new HeadObjectCommand({ ...object, ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ [`Checksum${algorithm}`]: checksum });
  });

  test(`a body that has another ${algorithm} checksum is not taken, and the old object stays`, async ({
    aws,
    bucket,
  }) => {
    const object = { Bucket: bucket.name, Key: 'greeting' };
    await aws.s3.send(new PutObjectCommand({ ...object, Body: 'the old one' }));
    await expect(
      aws.s3.send(new PutObjectCommand({ ...object, Body: 'hello World', [`Checksum${algorithm}`]: checksum })),
    ).toBeAwsError('BadDigest');
    const got = await aws.s3.send(new GetObjectCommand(object));
    expect(await got.Body?.transformToString()).toBe('the old one');
  });
}

test('a Content-MD5 of another body is refused', async ({ aws, bucket }) => {
  const ContentMD5 = createHash('md5').update('another body').digest('base64');
  await expect(
    aws.s3.send(new PutObjectCommand({ Bucket: bucket.name, Key: 'greeting', Body: 'hello world', ContentMD5 })),
  ).toBeAwsError('BadDigest');
});

test('a stream of unknown content is stored with its checksum behind it', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'streamed' };
  const chunks = Array.from({ length: 20 }, (_, index) => Buffer.alloc(10_000, String(index % 10)));
  const ContentLength = chunks.reduce((total, { length }) => total + length, 0);
  await aws.s3.send(new PutObjectCommand({ ...object, Body: Readable.from(chunks), ContentLength }));

  const got = await aws.s3.send(new GetObjectCommand(object));
  const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
  expect(bytes.equals(Buffer.concat(chunks))).toBe(true);
});
