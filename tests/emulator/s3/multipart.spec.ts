import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { checksumOf } from '../../../emulator/services/s3/bodies/checksums.ts';
import { expect, putAll, test } from './s3-test.ts';

const MiB = 1024 * 1024;

interface Begun {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

async function begin(
  s3: S3Client,
  Bucket: string,
  Key: string,
  more: Partial<CreateMultipartUploadCommandInput> = {},
): Promise<Begun> {
  const { UploadId = '' } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return { Bucket, Key, UploadId };
}

/** Uploads parts 1, 2, … and tells them as CompleteMultipartUpload wants them. */
async function uploadParts(s3: S3Client, upload: Begun, bodies: readonly Buffer[], algorithm?: ChecksumAlgorithm) {
  const Parts = [];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const command = new UploadPartCommand({
      ...upload,
      PartNumber,
      Body,
      ...(algorithm && { ChecksumAlgorithm: algorithm }),
    });
    const output = await s3.send(command);
    Parts.push({ ETag: output.ETag, PartNumber, output });
  }
  return Parts;
}

function complete(s3: S3Client, upload: Begun, more: Partial<CompleteMultipartUploadCommandInput>) {
  return s3.send(new CompleteMultipartUploadCommand({ ...upload, ...more }));
}

const plain = (parts: readonly { ETag: string | undefined; PartNumber: number }[]) => ({
  Parts: parts.map(({ ETag, PartNumber }) => ({ ETag, PartNumber })),
});

const md5 = (data: Buffer): Buffer => createHash('md5').update(data).digest();

test('parts become one object with the ETag of their MD5s', async ({ s3, emulator, bucket: Bucket }) => {
  const upload = await begin(s3, Bucket, 'folder/a b', { ContentType: 'text/plain', Metadata: { color: 'red' } });
  const bodies = [randomBytes(5 * MiB), Buffer.from('the end')];
  const parts = await uploadParts(s3, upload, bodies);
  const done = await complete(s3, upload, { MultipartUpload: plain(parts) });
  const etag = `"${md5(Buffer.concat(bodies.map(md5))).toString('hex')}-2"`;
  expect(done).toMatchObject({
    Bucket,
    Key: 'folder/a b',
    ETag: etag,
    Location: `${emulator.endpoint}/${Bucket}/folder%2Fa%20b`,
    ChecksumType: 'FULL_OBJECT',
    ChecksumCRC64NVME: expect.any(String),
  });
  const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'folder/a b' }));
  expect(object).toMatchObject({ ETag: etag, ContentType: 'text/plain', Metadata: { color: 'red' } });
  const content = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
  expect(content.equals(Buffer.concat(bodies))).toBe(true);
  const part = await s3.send(new HeadObjectCommand({ Bucket, Key: 'folder/a b', PartNumber: 2 }));
  expect(part).toMatchObject({ PartsCount: 2, ContentLength: 7 });
  await expect(s3.send(new ListPartsCommand(upload))).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

test('the same completion again gets the same answer, another one none', async ({ s3, bucket: Bucket }) => {
  const upload = await begin(s3, Bucket, 'a');
  const parts = await uploadParts(s3, upload, [Buffer.from('content')]);
  const first = await complete(s3, upload, { MultipartUpload: plain(parts) });
  const second = await complete(s3, upload, { MultipartUpload: plain(parts) });
  expect(second.ETag).toBe(first.ETag);
  const other = { Parts: [{ ETag: 'other', PartNumber: 1 }] };
  await expect(complete(s3, upload, { MultipartUpload: other })).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

test('wrong lists of parts are refused, and the upload goes on', async ({ s3, bucket: Bucket }) => {
  const upload = await begin(s3, Bucket, 'a');
  const parts = await uploadParts(s3, upload, [Buffer.from('one'), Buffer.from('two')]);
  const [first, second] = plain(parts).Parts as [CompletedPart, CompletedPart];
  const refused = (Parts: CompletedPart[], refusal: Record<string, unknown>) =>
    expect(complete(s3, upload, { MultipartUpload: { Parts } })).rejects.toMatchObject(refusal);

  await refused([second, first], { name: 'InvalidPartOrder', UploadId: upload.UploadId });
  await refused([first, first], { name: 'InvalidPartOrder' });
  await refused([], { name: 'MalformedXML' });
  await refused([{ ETag: second.ETag, PartNumber: 1 }], { name: 'InvalidPart', PartNumber: '1' });
  await refused([{ ETag: first.ETag, PartNumber: 3 }], {
    name: 'InvalidPart',
    PartNumber: '3',
    ETag: first.ETag?.replaceAll('"', ''),
    UploadId: upload.UploadId,
  });
  await refused([first, second], {
    name: 'EntityTooSmall',
    message: 'Your proposed upload is smaller than the minimum allowed size',
    ProposedSize: '3',
    MinSizeAllowed: '5242880',
    PartNumber: '1',
    ETag: first.ETag?.replaceAll('"', ''),
  });
  await expect(complete(s3, upload, { MultipartUpload: { Parts: [first] }, MpuObjectSize: 4 })).rejects.toMatchObject({
    name: 'InvalidRequest',
  });
  const unquoted = { ...second, ETag: second.ETag?.replaceAll('"', '') };
  const done = await complete(s3, upload, { MultipartUpload: { Parts: [unquoted] }, MpuObjectSize: 3 });
  expect(done.ETag).toMatch(/-1"$/);
});

test('a part with the same number replaces the one before', async ({ s3, bucket: Bucket }) => {
  const upload = await begin(s3, Bucket, 'a');
  const [old] = await uploadParts(s3, upload, [Buffer.from('old')]);
  const parts = await uploadParts(s3, upload, [Buffer.from('new one')]);
  await expect(complete(s3, upload, { MultipartUpload: plain(old ? [old] : []) })).rejects.toMatchObject({
    name: 'InvalidPart',
  });
  await complete(s3, upload, { MultipartUpload: plain(parts) });
  const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
  expect(await object.Body?.transformToString()).toBe('new one');
});

test('a part number is between 1 and 10000', async ({ s3, bucket: Bucket }) => {
  const upload = await begin(s3, Bucket, 'a');
  for (const PartNumber of [0, 10_001]) {
    await expect(s3.send(new UploadPartCommand({ ...upload, PartNumber, Body: 'x' }))).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: 'Part number must be an integer between 1 and 10000, inclusive',
      ArgumentName: 'partNumber',
      ArgumentValue: String(PartNumber),
    });
  }
});

test('nothing can be done with an upload that is not there', async ({ s3, bucket: Bucket }) => {
  const upload = { ...(await begin(s3, Bucket, 'a')), UploadId: 'made-up' };
  const refusal = { name: 'NoSuchUpload', UploadId: 'made-up', $metadata: { httpStatusCode: 404 } };
  await expect(s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'x' }))).rejects.toMatchObject(refusal);
  await expect(s3.send(new ListPartsCommand(upload))).rejects.toMatchObject(refusal);
  await expect(s3.send(new AbortMultipartUploadCommand(upload))).rejects.toMatchObject(refusal);
  const Parts = [{ ETag: 'a', PartNumber: 1 }];
  await expect(complete(s3, upload, { MultipartUpload: { Parts } })).rejects.toMatchObject(refusal);
});

test('an aborted upload leaves nothing', async ({ s3, bucket: Bucket }) => {
  const upload = await begin(s3, Bucket, 'a');
  await uploadParts(s3, upload, [Buffer.from('content')]);
  await s3.send(new AbortMultipartUploadCommand(upload));
  await expect(s3.send(new ListPartsCommand(upload))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(Uploads).toBeUndefined();
});

for (const algorithm of ['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const) {
  test(`a composite ${algorithm} is the checksum of the parts' checksums`, async ({ s3, bucket: Bucket }) => {
    const upload = await begin(s3, Bucket, 'a', { ChecksumAlgorithm: algorithm });
    const parts = await uploadParts(s3, upload, [randomBytes(5 * MiB), Buffer.from('end')], algorithm);
    const member = `Checksum${algorithm}` as const;
    const Parts = parts.map(({ ETag, PartNumber, output }) => ({ ETag, PartNumber, [member]: output[member] }));
    await expect(complete(s3, upload, { MultipartUpload: plain(parts) })).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.`,
    });
    const listed = await s3.send(new ListPartsCommand(upload));
    expect(listed).toMatchObject({ ChecksumAlgorithm: algorithm, ChecksumType: 'COMPOSITE' });
    expect(listed.Parts?.map((part) => part[member])).toEqual(parts.map(({ output }) => output[member]));
    const done = await complete(s3, upload, { MultipartUpload: { Parts } });
    expect(done.ChecksumType).toBe('COMPOSITE');
    const checksums = parts.map(({ output }) => Buffer.from(output[member] ?? '', 'base64'));
    const composite = await checksumOf(algorithm, Buffer.concat(checksums));
    expect(done[member]).toBe(`${composite.toString('base64')}-2`);
  });
}

for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME'] as const) {
  test(`a full-object ${algorithm} is that of the same bytes put at once`, async ({ s3, bucket: Bucket }) => {
    const bodies = [randomBytes(5 * MiB), randomBytes(12_345)];
    const member = `Checksum${algorithm}` as const;
    const whole = Buffer.concat(bodies);
    const put = await s3.send(
      new PutObjectCommand({ Bucket, Key: 'whole', Body: whole, ChecksumAlgorithm: algorithm }),
    );
    const type = { ChecksumAlgorithm: algorithm, ChecksumType: 'FULL_OBJECT' } as const;
    const upload = await begin(s3, Bucket, 'parts', type);
    const parts = await uploadParts(s3, upload, bodies, algorithm);
    const MultipartUpload = plain(parts);
    await expect(complete(s3, upload, { MultipartUpload, ChecksumType: 'COMPOSITE' })).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
    const wrong = Buffer.alloc(algorithm === 'CRC64NVME' ? 8 : 4).toString('base64');
    await expect(complete(s3, upload, { MultipartUpload, [member]: wrong })).rejects.toMatchObject({
      name: 'BadDigest',
      message: `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    });
    const done = await complete(s3, upload, { MultipartUpload, [member]: put[member], ChecksumType: 'FULL_OBJECT' });
    expect(done).toMatchObject({ [member]: put[member], ChecksumType: 'FULL_OBJECT' });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'parts', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ [member]: put[member], ChecksumType: 'FULL_OBJECT' });
  });
}

test('checksum algorithms and types that do not go together are refused', async ({ s3, bucket: Bucket }) => {
  const create = (more: Partial<CreateMultipartUploadCommandInput>) =>
    s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a', ...more }));
  await expect(create({ ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' })).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.',
  });
  await expect(create({ ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' })).rejects.toMatchObject({
    message: 'The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.',
  });
  await expect(create({ ChecksumType: 'COMPOSITE' })).rejects.toMatchObject({
    message: 'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
  });
  const upload = await begin(s3, Bucket, 'a', { ChecksumAlgorithm: 'SHA256' });
  await expect(uploadParts(s3, upload, [Buffer.from('x')], 'CRC32')).rejects.toMatchObject({
    message: 'Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32',
  });
});

test('a corrupt part is refused', async ({ s3, bucket: Bucket }) => {
  const upload = await begin(s3, Bucket, 'a');
  const part = { ...upload, PartNumber: 1, Body: 'content' };
  const ContentMD5 = md5(Buffer.from('other')).toString('base64');
  await expect(s3.send(new UploadPartCommand({ ...part, ContentMD5 }))).rejects.toMatchObject({ name: 'BadDigest' });
  await expect(s3.send(new UploadPartCommand({ ...part, ChecksumCRC32: 'AAAAAA==' }))).rejects.toMatchObject({
    name: 'BadDigest',
  });
  expect((await s3.send(new ListPartsCommand(upload))).Parts).toBeUndefined();
});

test('parts are copied from objects, whole or a range', async ({ s3, bucket: Bucket }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'so urce/é', Body: '0123456789' }));
  const CopySource = `${Bucket}/${encodeURIComponent('so urce/é')}`;
  const upload = await begin(s3, Bucket, 'copy');
  const copy = (PartNumber: number, more: object = {}) =>
    s3.send(new UploadPartCopyCommand({ ...upload, PartNumber, CopySource, ...more }));
  const range = await copy(1, { CopySourceRange: 'bytes=2-5' });
  expect(range.CopyPartResult?.ETag).toBe(`"${md5(Buffer.from('2345')).toString('hex')}"`);
  for (const CopySourceRange of ['bytes=5-3', 'bytes=0-', 'bytes=-3', '0-3', 'bytes=0-1,3-4']) {
    await expect(copy(2, { CopySourceRange })).rejects.toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'x-amz-copy-source-range',
    });
  }
  await expect(copy(2, { CopySourceRange: 'bytes=0-10' })).rejects.toMatchObject({
    message: 'Range specified is not valid for source object of size: 10',
  });
  await expect(copy(2, { CopySourceRange: 'bytes=10-11' })).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'The specified copy range is invalid for the source object size',
  });
  await expect(copy(2, { CopySourceIfMatch: 'other' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(copy(2, { CopySource: `${Bucket}/missing` })).rejects.toMatchObject({ name: 'NoSuchKey' });
  await complete(s3, upload, {
    MultipartUpload: { Parts: [{ PartNumber: 1, ETag: range.CopyPartResult?.ETag }] },
  });
  const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'copy' }));
  expect(await object.Body?.transformToString()).toBe('2345');
});

test('the parts of an object that was put together survive their upload', async ({ s3, bucket: Bucket }) => {
  const bodies = [randomBytes(6 * MiB), randomBytes(2 * MiB)];
  const upload = await begin(s3, Bucket, 'a');
  const parts = await uploadParts(s3, upload, bodies);
  await complete(s3, upload, { MultipartUpload: plain(parts) });
  // The end of the first part and the beginning of the second one.
  const Range = `bytes=${6 * MiB - 3}-${6 * MiB + 2}`;
  const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'a', Range }));
  const content = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
  expect(content.equals(Buffer.concat(bodies).subarray(6 * MiB - 3, 6 * MiB + 3))).toBe(true);
});

test('conditional completion', async ({ s3, bucket: Bucket }) => {
  await putAll(s3, Bucket, ['a']);
  const upload = await begin(s3, Bucket, 'a');
  const MultipartUpload = plain(await uploadParts(s3, upload, [Buffer.from('new')]));
  await expect(complete(s3, upload, { MultipartUpload, IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
    Condition: 'If-None-Match',
  });
  await expect(complete(s3, upload, { MultipartUpload, IfMatch: '"other"' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
    Condition: 'If-Match',
  });
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  await expect(complete(s3, upload, { MultipartUpload, IfMatch: '"other"' })).rejects.toMatchObject({
    name: 'NoSuchKey',
  });
  await expect(complete(s3, upload, { MultipartUpload, IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'ConditionalRequestConflict',
    $metadata: { httpStatusCode: 409 },
  });
  const fresh = await begin(s3, Bucket, 'a');
  const parts = plain(await uploadParts(s3, fresh, [Buffer.from('new')]));
  await complete(s3, fresh, { MultipartUpload: parts, IfNoneMatch: '*' });
});

test('an object that was written again while the parts came in is not replaced', async ({ s3, bucket: Bucket }) => {
  const put = () => s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'same' }));
  const { ETag: IfMatch } = await put();
  const upload = await begin(s3, Bucket, 'a');
  const MultipartUpload = plain(await uploadParts(s3, upload, [Buffer.from('new')]));
  await put();
  await expect(complete(s3, upload, { MultipartUpload, IfMatch })).rejects.toMatchObject({
    name: 'ConditionalRequestConflict',
    Condition: 'If-Match',
    Key: 'a',
  });
  const again = await begin(s3, Bucket, 'a');
  const parts = plain(await uploadParts(s3, again, [Buffer.from('new')]));
  await complete(s3, again, { MultipartUpload: parts, IfMatch });
});

test('a versioned bucket gives a completed upload its version', async ({ s3, bucket: Bucket }) => {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const first = await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'one' }));
  const upload = await begin(s3, Bucket, 'a');
  const parts = await uploadParts(s3, upload, [Buffer.from('two')]);
  const { VersionId } = await complete(s3, upload, { MultipartUpload: plain(parts) });
  expect(VersionId).toMatch(/^\S{32}$/);
  expect(VersionId).not.toBe(first.VersionId);
  const old = await s3.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId: first.VersionId }));
  expect(await old.Body?.transformToString()).toBe('one');
});

test('a lifecycle rule tells when it will abort an upload', async ({ s3, bucket: Bucket }) => {
  const rule = { ID: 'tidy', Status: 'Enabled', Filter: { Prefix: 'p/' } } as const;
  const Rules = [{ ...rule, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } }];
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  const created = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'p/a' }));
  expect(created.AbortRuleId).toBe('tidy');
  const days = ((created.AbortDate?.getTime() ?? 0) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(1.9);
  expect(days).toBeLessThanOrEqual(3);
  const { UploadId } = created;
  const listed = await s3.send(new ListPartsCommand({ Bucket, Key: 'p/a', UploadId }));
  expect(listed).toMatchObject({ AbortDate: created.AbortDate, AbortRuleId: 'tidy' });
  const other = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'other' }));
  expect(other.AbortDate).toBeUndefined();
});

test('parts are listed by number, in pages', async ({ s3, bucket: Bucket }) => {
  const upload = await begin(s3, Bucket, 'a', { StorageClass: 'STANDARD_IA' });
  expect(await s3.send(new ListPartsCommand(upload))).toMatchObject({
    ...upload,
    PartNumberMarker: '0',
    NextPartNumberMarker: '0',
    MaxParts: 1000,
    IsTruncated: false,
    StorageClass: 'STANDARD_IA',
    Owner: { ID: expect.any(String) },
    Initiator: { ID: expect.any(String) },
  });
  for (const PartNumber of [7, 3, 5]) await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body: 'data' }));
  const first = await s3.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
  expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '5', MaxParts: 2 });
  expect(first.Parts).toEqual(
    [3, 5].map((PartNumber) => ({
      PartNumber,
      Size: 4,
      ETag: `"${md5(Buffer.from('data')).toString('hex')}"`,
      LastModified: expect.any(Date),
    })),
  );
  const rest = await s3.send(new ListPartsCommand({ ...upload, PartNumberMarker: '5' }));
  expect(rest).toMatchObject({ IsTruncated: false, PartNumberMarker: '5', NextPartNumberMarker: '7' });
});

test('uploads are listed by key, then in the order in which they were begun', async ({ s3, bucket: Bucket }) => {
  const { $metadata: _, ...empty } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(empty).toEqual({
    Bucket,
    KeyMarker: '',
    UploadIdMarker: '',
    NextKeyMarker: '',
    NextUploadIdMarker: '',
    MaxUploads: 1000,
    IsTruncated: false,
  });
  const ids: string[] = [];
  for (const key of ['c', 'b', 'a', 'a', 'f/1', 'f/2']) ids.push((await begin(s3, Bucket, key)).UploadId);
  const all = await s3.send(new ListMultipartUploadsCommand({ Bucket, Delimiter: '/' }));
  expect(all.Uploads?.map(({ UploadId }) => UploadId)).toEqual([ids[2], ids[3], ids[1], ids[0]]);
  expect(all.CommonPrefixes).toEqual([{ Prefix: 'f/' }]);
  const first = await s3.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 1 }));
  expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'a', NextUploadIdMarker: ids[2] });
  const markers = { KeyMarker: 'a', UploadIdMarker: ids[2] };
  const second = await s3.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 1, ...markers }));
  expect(second.Uploads?.map(({ UploadId }) => UploadId)).toEqual([ids[3]]);
  await expect(
    s3.send(new ListMultipartUploadsCommand({ Bucket, KeyMarker: 'b', UploadIdMarker: ids[2] })),
  ).rejects.toMatchObject({ name: 'InvalidArgument', message: 'Invalid uploadId marker' });
});

test('a bucket can be deleted with uploads in progress', async ({ s3, uniqueName }) => {
  const Bucket = `${uniqueName}-own`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  const upload = await begin(s3, Bucket, 'a');
  await uploadParts(s3, upload, [Buffer.from('content')]);
  await s3.send(new DeleteBucketCommand({ Bucket }));
  await expect(s3.send(new ListPartsCommand(upload))).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('lib-storage uploads a stream', async ({ s3, bucket: Bucket }) => {
  const content = randomBytes(12 * MiB);
  const pieces = Array.from({ length: 12 }, (_, index) => content.subarray(index * MiB, (index + 1) * MiB));
  const upload = new Upload({ client: s3, params: { Bucket, Key: 'stream', Body: Readable.from(pieces) } });
  const done = await upload.done();
  expect(done.ETag).toMatch(/-3"$/);
  const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
  const received = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
  expect(received.equals(content)).toBe(true);
});
