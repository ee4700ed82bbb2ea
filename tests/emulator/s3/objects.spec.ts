import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  type StorageClass,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { send, signInHeader } from '../auth/wire-request.ts';
import { credentials } from '../credentials.ts';
import { expect, test } from './s3-test.ts';

test('an object comes back as it was put, with its headers, metadata and tags', async ({ s3, bucket: Bucket }) => {
  const put = await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: 'report',
      Body: 'hello',
      ContentType: 'text/plain',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment; filename="a.txt"',
      ContentEncoding: 'identity',
      ContentLanguage: 'de',
      Expires: new Date('2030-01-01T00:00:00Z'),
      Metadata: { Author: 'somebody', empty: '' },
      StorageClass: 'STANDARD_IA',
      Tagging: 'team=a%20b&empty',
      WebsiteRedirectLocation: '/elsewhere',
    }),
  );
  expect(put.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  expect(put).toMatchObject({ ChecksumCRC32: 'NhCmhg==', ChecksumType: 'FULL_OBJECT', ServerSideEncryption: 'AES256' });

  const described = {
    AcceptRanges: 'bytes',
    ContentLength: 5,
    ETag: put.ETag,
    ContentType: 'text/plain',
    CacheControl: 'max-age=60',
    ContentDisposition: 'attachment; filename="a.txt"',
    ContentEncoding: 'identity',
    ContentLanguage: 'de',
    ExpiresString: 'Tue, 01 Jan 2030 00:00:00 GMT',
    Metadata: { author: 'somebody' },
    StorageClass: 'STANDARD_IA',
    TagCount: 2,
    WebsiteRedirectLocation: '/elsewhere',
  };
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'report' }));
  expect(await got.Body?.transformToString()).toBe('hello');
  expect(got).toMatchObject(described);
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'report' }));
  expect(head).toMatchObject(described);
  expect(head.ChecksumCRC32, 'without ChecksumMode').toBeUndefined();
  expect(head.VersionId, 'without versioning').toBeUndefined();
});

test('keys are taken as they are', async ({ s3, bucket: Bucket }) => {
  const keys = [
    'a//b',
    './x',
    'x/../y',
    'a b+c%20',
    'ü/日本/😀',
    '%',
    '?&=#',
    'quote\'"',
    '/leading',
    'trailing/',
    '~',
    '\\',
  ];
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  for (const Key of keys) expect(await read(s3, { Bucket, Key }), Key).toBe(Key);
});

test('a key has 1024 bytes at most', async ({ s3, bucket: Bucket }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'ü'.repeat(512), Body: '' }));
  await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'ü'.repeat(513), Body: '' }))).rejects.toMatchObject({
    name: 'KeyTooLongError',
    Size: '1026',
    MaxSizeAllowed: '1024',
  });
});

test('metadata has 2 KB at most', async ({ s3, bucket: Bucket }) => {
  const put = (length: number) =>
    s3.send(new PutObjectCommand({ Bucket, Key: 'm', Body: '', Metadata: { name: 'x'.repeat(length) } }));
  await put(2044);
  await expect(put(2045)).rejects.toMatchObject({ name: 'MetadataTooLarge', Size: '2049', MaxSizeAllowed: '2048' });
});

for (const [range, status, content, contentRange] of [
  ['bytes=0-8', 206, '012345678', 'bytes 0-8/10'],
  ['bytes=1-1', 206, '1', 'bytes 1-1/10'],
  ['bytes=1-', 206, '123456789', 'bytes 1-9/10'],
  ['bytes=-2', 206, '89', 'bytes 8-9/10'],
  ['bytes=-15', 206, '0123456789', 'bytes 0-9/10'],
  ['bytes=0-100', 206, '0123456789', 'bytes 0-9/10'],
  ['bytes=1-0', 200, '0123456789', undefined],
  ['bytes=-1-', 200, '0123456789', undefined],
  ['bytes=0-1,3-4', 200, '0123456789', undefined],
  ['bytes=-', 200, '0123456789', undefined],
  ['0-8', 200, '0123456789', undefined],
] as const) {
  test(`the range ${range} answers ${status} with ${content}`, async ({ s3, bucket: Bucket }) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'digits', Range: range }));
    expect(await got.Body?.transformToString()).toBe(content);
    expect([got.$metadata.httpStatusCode, got.ContentRange, got.ContentLength]).toEqual([
      status,
      contentRange,
      content.length,
    ]);
  });
}

for (const range of ['bytes=-0', 'bytes=10-', 'bytes=100-200']) {
  test(`the range ${range} of ten bytes cannot be satisfied`, async ({ s3, bucket: Bucket }) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'digits', Range: range }))).rejects.toMatchObject({
      name: 'InvalidRange',
      RangeRequested: range,
      ActualObjectSize: '10',
      $metadata: { httpStatusCode: 416 },
    });
  });
}

test('response headers can be asked for', async ({ s3, bucket: Bucket }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'x', ContentType: 'text/plain' }));
  const got = await s3.send(
    new GetObjectCommand({
      Bucket,
      Key: 'o',
      ResponseContentType: 'application/json',
      ResponseContentDisposition: 'inline',
      ResponseCacheControl: 'no-store',
      ResponseExpires: new Date('2031-01-01T00:00:00Z'),
    }),
  );
  expect(got).toMatchObject({
    ContentType: 'application/json',
    ContentDisposition: 'inline',
    CacheControl: 'no-store',
    ExpiresString: 'Wed, 01 Jan 2031 00:00:00 GMT',
  });
  await got.Body?.transformToString();
});

test('what is not there is told apart: bucket, key, and nothing at all for HEAD', async ({ s3, bucket: Bucket }) => {
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({
    name: 'NoSuchKey',
    Key: 'none',
    $metadata: { httpStatusCode: 404 },
  });
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({
    name: 'NotFound',
    $metadata: { httpStatusCode: 404 },
  });
  await expect(s3.send(new PutObjectCommand({ Bucket: `${Bucket}-x`, Key: 'a', Body: '' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
});

test('a large stream goes in and comes out unharmed, whole and in ranges', async ({ s3, bucket: Bucket }) => {
  const content = randomBytes(5 * 1024 * 1024 + 3);
  const pieces = Array.from({ length: 80 }, (_, i) => content.subarray(i * 70_000, (i + 1) * 70_000));
  await s3.send(
    new PutObjectCommand({ Bucket, Key: 'large', Body: Readable.from(pieces), ContentLength: content.length }),
  );
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'large', ChecksumMode: 'ENABLED' }));
  const digest = createHash('md5')
    .update((await got.Body?.transformToByteArray()) ?? '')
    .digest('hex');
  expect(`"${digest}"`).toBe(got.ETag);
  const range = await s3.send(new GetObjectCommand({ Bucket, Key: 'large', Range: 'bytes=1048570-1048590' }));
  expect(Buffer.from((await range.Body?.transformToByteArray()) ?? [])).toEqual(content.subarray(1048570, 1048591));
});

test('a client that goes away in the middle leaves the old object', async ({ s3, bucket: Bucket, emulator }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'old' }));
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'o' }), {
    signableHeaders: new Set(['host']),
  });
  await new Promise<void>((resolve) => {
    const sent = request(url, { method: 'PUT', headers: { 'content-length': 5_000_000 } });
    sent.on('error', () => resolve());
    sent.on('close', () => resolve());
    sent.write(Buffer.alloc(2_000_000), () => sent.destroy());
  });
  const aborted = () => emulator.trace.calls().filter(({ errorCode }) => errorCode === 'ClientAborted');
  await expect.poll(() => aborted().map(({ operation }) => operation)).toContain('PutObject');
  expect(await read(s3, { Bucket, Key: 'o' })).toBe('old');
});

test('an upload that is refused before its body has come harms nobody else', async ({ s3, bucket: Bucket }) => {
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket: `${Bucket}-none`, Key: 'o' }));
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request(url, { method: 'PUT', headers: { 'content-length': 5_000_000 } });
    sent.on('error', reject);
    sent.on('response', (response) => {
      resolve(response.statusCode);
      sent.off('error', reject).on('error', () => {});
      sent.destroy();
    });
    sent.write(Buffer.alloc(1000));
  });
  expect(status).toBe(404);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'next' }));
  expect(await read(s3, { Bucket, Key: 'o' })).toBe('next');
});

for (const [name, header, message] of [
  ['ServerSideEncryption', 'x-amz-server-side-encryption', 'The encryption method specified is not supported'],
  ['ObjectLockMode', 'x-amz-object-lock-mode', 'Unknown wormMode directive.'],
] as const) {
  test(`an unknown ${name} is refused by its header`, async ({ s3, bucket: Bucket }) => {
    const input = { Bucket, Key: 'o', Body: '', [name]: 'NOPE' };
    await expect(s3.send(new PutObjectCommand(input))).rejects.toMatchObject({
      name: 'InvalidArgument',
      message,
      ArgumentName: header,
      ArgumentValue: 'NOPE',
    });
  });
}

test('tags can be put, read and deleted, and are checked', async ({ s3, bucket: Bucket }) => {
  const object = { Bucket, Key: 'tagged' };
  await s3.send(new PutObjectCommand({ ...object, Body: '', Tagging: 'a=1' }));
  const TagSet = [
    { Key: 'k1', Value: 'v1' },
    { Key: 'k2', Value: '' },
  ];
  await s3.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet } }));
  expect((await s3.send(new GetObjectTaggingCommand(object))).TagSet).toEqual(TagSet);
  await s3.send(new DeleteObjectTaggingCommand(object));
  expect((await s3.send(new GetObjectTaggingCommand(object))).TagSet).toEqual([]);

  const put = (...keys: string[]) =>
    s3.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet: keys.map((Key) => ({ Key, Value: 'v' })) } }));
  await expect(put('a', 'a')).rejects.toMatchObject({
    name: 'InvalidTag',
    message: 'Cannot provide multiple Tags with the same key',
    TagKey: 'a',
  });
  await expect(put('a,b')).rejects.toMatchObject({ message: 'The TagKey you have provided is invalid' });
  await expect(put('aws:a')).rejects.toMatchObject({ message: 'Your TagKey cannot be prefixed with aws:' });
  await expect(put('1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11')).rejects.toMatchObject({
    name: 'BadRequest',
  });
  for (const Tagging of ['key1=val1&key1=val2', 'key1=val1,key2=val2']) {
    await expect(s3.send(new PutObjectCommand({ ...object, Tagging })), Tagging).rejects.toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'x-amz-tagging',
      ArgumentValue: Tagging,
    });
  }
});

test('attributes tell what was asked for, the ETag without quotes', async ({ s3, bucket: Bucket }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello', ChecksumAlgorithm: 'SHA256' }));
  const attributes = await s3.send(
    new GetObjectAttributesCommand({
      Bucket,
      Key: 'o',
      ObjectAttributes: ['ETag', 'Checksum', 'ObjectSize', 'StorageClass', 'ObjectParts'],
    }),
  );
  expect(attributes).toMatchObject({
    ETag: '5d41402abc4b2a76b9719d911017c592',
    Checksum: { ChecksumSHA256: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=', ChecksumType: 'FULL_OBJECT' },
    ObjectSize: 5,
    StorageClass: 'STANDARD',
    LastModified: expect.any(Date),
  });
  expect(attributes.ObjectParts).toBeUndefined();
});

for (const Key of ['a/../b', 'videos/2014/../../video1.wmv', 'a/..b/...']) {
  test(`the key "${Key}" is taken`, async ({ s3, bucket: Bucket }) => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    expect(await read(s3, { Bucket, Key })).toBe(Key);
  });
}

for (const Key of ['../d', '../../d', 'a/../../d', 'a//../../d', './../d']) {
  test(`the key "${Key}" is refused: it climbs above its root`, async ({ s3, bucket: Bucket }) => {
    const invalid = { name: 'InvalidURI', $metadata: { httpStatusCode: 400 } };
    await expect(s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))).rejects.toMatchObject(invalid);
    await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject(invalid);
    await expect(s3.send(new DeleteObjectCommand({ Bucket, Key }))).rejects.toMatchObject(invalid);
  });
}

test('a key of the client is needed to read what was written with it', async ({ s3, bucket: Bucket }) => {
  const keyOf = (letter: string) => {
    const key = Buffer.alloc(32, letter);
    return {
      SSECustomerAlgorithm: 'AES256',
      SSECustomerKey: key.toString('base64'),
      SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
    };
  };
  const object = { Bucket, Key: 'secret' };
  const block = (EncryptionType: 'SSE-C' | 'NONE') => {
    const Rules = [{ BlockedEncryptionTypes: { EncryptionType: [EncryptionType] } }];
    return s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  };
  const refused = {
    name: 'AccessDenied',
    message: expect.stringMatching(/s3:\w+ on resource: "arn:aws:s3:::.*\/secret" because this bucket has blocked/),
    $metadata: { httpStatusCode: 403 },
  };
  const write = new PutObjectCommand({ ...object, Body: 'hello', ...keyOf('a') });
  const begin = new CreateMultipartUploadCommand({ ...object, ...keyOf('a') });
  await expect(s3.send(write)).rejects.toMatchObject(refused);
  await expect(s3.send(begin)).rejects.toMatchObject(refused);
  await block('NONE');
  const put = await s3.send(write);
  await block('SSE-C');
  await expect(s3.send(write)).rejects.toMatchObject(refused);
  expect(put).toMatchObject({ SSECustomerAlgorithm: 'AES256', SSECustomerKeyMD5: keyOf('a').SSECustomerKeyMD5 });
  expect(put.ServerSideEncryption).toBeUndefined();
  expect(put.ETag, 'no MD5 of the content').not.toBe('"5d41402abc4b2a76b9719d911017c592"');
  const got = await s3.send(new GetObjectCommand({ ...object, ...keyOf('a') }));
  expect(await got.Body?.transformToString()).toBe('hello');
  await expect(s3.send(new GetObjectCommand(object))).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: expect.stringContaining('was stored using a form of Server Side Encryption'),
  });
  await expect(s3.send(new GetObjectCommand({ ...object, ...keyOf('b') }))).rejects.toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
});

async function read(s3: S3Client, input: { Bucket: string; Key: string }): Promise<string | undefined> {
  const { Body } = await s3.send(new GetObjectCommand(input));
  return Body?.transformToString();
}

test('an upload to a presigned URL is not held against the checksum that the SDK signed into it', async ({
  s3,
  bucket: Bucket,
}) => {
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'form', Metadata: { by: 'url' } }));
  // That of no body at all, since the SDK has none to sign.
  expect(new URL(url).searchParams.get('x-amz-checksum-crc32')).toBe('AAAAAA==');
  const response = await fetch(url, { method: 'PUT', body: 'content' });
  expect(response.status, await response.text()).toBe(200);
  const { ContentLength, Metadata } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'form' }));
  expect({ ContentLength, Metadata }).toEqual({ ContentLength: 7, Metadata: { by: 'url' } });
});

test('a storage class that there is not is refused with its name', async ({ s3, bucket: Bucket }) => {
  const input = { Bucket, Key: 'a', Body: '', StorageClass: 'COLD' as StorageClass };
  await expect(s3.send(new PutObjectCommand(input))).rejects.toMatchObject({
    name: 'InvalidStorageClass',
    StorageClassRequested: 'COLD',
  });
});

test('a POST that is for no upload is not allowed', async ({ emulator, bucket }) => {
  const request = { method: 'POST', path: `/${bucket}/a`, query: {}, headers: {}, body: '' };
  const signed = await signInHeader(request, { ...credentials, service: 's3' }, new URL(emulator.endpoint).host);
  expect(await send(emulator.endpoint, signed)).toMatchObject({ status: 405, code: 'MethodNotAllowed' });
});

test('an empty Content-MD5 is none that fits', async ({ emulator, bucket }) => {
  const headers = { 'content-md5': '' };
  const request = { method: 'PUT', path: `/${bucket}/a`, query: {}, headers, body: 'content' };
  const signed = await signInHeader(request, { ...credentials, service: 's3' }, new URL(emulator.endpoint).host);
  expect(await send(emulator.endpoint, signed)).toMatchObject({ status: 400, code: 'InvalidDigest' });
});
