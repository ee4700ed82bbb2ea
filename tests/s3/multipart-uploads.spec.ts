import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['s3'] });

/** The least that a part may have which is not the last; bytes. */
const leastPart = 5 * 1024 * 1024;

test('the uploader of the SDK splits a large body, and it comes back whole', async ({ aws, bucket }) => {
  const body = Buffer.alloc(2 * leastPart + 1000, 'large bodies come in parts. ');
  const object = { Bucket: bucket.name, Key: 'large.txt' };
  await new Upload({ client: aws.s3, params: { ...object, Body: body, ContentType: 'text/plain' } }).done();

  const got = await aws.s3.send(new GetObjectCommand(object));
  expect(got.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
  expect(got.ContentType).toBe('text/plain');
  const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
  expect(bytes.equals(body)).toBe(true);

  const acrossParts = await aws.s3.send(
    new GetObjectCommand({ ...object, Range: `bytes=${leastPart - 10}-${leastPart + 9}` }),
  );
  const slice = body.subarray(leastPart - 10, leastPart + 10).toString();
  expect(await acrossParts.Body?.transformToString()).toBe(slice);
});

test('an upload is nothing but parts until it is completed', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'assembled' };
  const { UploadId } = await aws.s3.send(new CreateMultipartUploadCommand(object));
  const upload = { ...object, UploadId };
  const parts = [Buffer.alloc(leastPart, 'a'), Buffer.from('the end')];
  const uploaded = [];
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await aws.s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    uploaded.push({ PartNumber, ETag });
  }

  await expect(aws.s3.send(new HeadObjectCommand(object))).toBeAwsError('NotFound');
  const { Parts = [] } = await aws.s3.send(new ListPartsCommand(upload));
  expect(Parts.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [1, leastPart],
    [2, 7],
  ]);
  const { Uploads = [] } = await aws.s3.send(new ListMultipartUploadsCommand({ Bucket: bucket.name }));
  expect(Uploads.map((entry) => [entry.Key, entry.UploadId])).toEqual([['assembled', UploadId]]);

  await aws.s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: uploaded } }));
  expect((await aws.s3.send(new HeadObjectCommand(object))).ContentLength).toBe(leastPart + 7);
  await expect(aws.s3.send(new ListPartsCommand(upload))).toBeAwsError('NoSuchUpload');
});

test('parts that are too small, unknown or out of order are refused', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'refused' };
  const { UploadId } = await aws.s3.send(new CreateMultipartUploadCommand(object));
  const upload = { ...object, UploadId };
  const [first, second] = await Promise.all(
    [1, 2].map(async (PartNumber) => {
      const { ETag } = await aws.s3.send(new UploadPartCommand({ ...upload, PartNumber, Body: `part ${PartNumber}` }));
      return { PartNumber, ETag };
    }),
  );
  const complete = (...Parts: ({ PartNumber: number; ETag: string | undefined } | undefined)[]) =>
    aws.s3.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        MultipartUpload: { Parts: Parts.filter((part) => part !== undefined) },
      }),
    );

  await expect(complete(first, second)).toBeAwsError('EntityTooSmall');
  await expect(complete(second, first)).toBeAwsError('InvalidPartOrder');
  await expect(complete({ PartNumber: 3, ETag: first?.ETag })).toBeAwsError('InvalidPart');

  await aws.s3.send(new AbortMultipartUploadCommand(upload));
  await expect(complete(first)).toBeAwsError('NoSuchUpload');
});
