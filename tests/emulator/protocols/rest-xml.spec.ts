import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { httpStatus } from '../../../emulator/protocols/protocol.ts';
import { AwsError } from '../../../emulator/service.ts';
import { expect, test as base, type RawRequest } from './stub-gateway.ts';

const test = base.extend<{ s3: S3Client }>({
  s3: async ({ stub }, use) => {
    const client = new S3Client({ ...stub.connection, forcePathStyle: true });
    await use(client);
    client.destroy();
  },
});

const get = (path: string, headers: Record<string, string> = {}): RawRequest => ({ method: 'GET', path, headers });

test('an object comes back as the bytes of its stream, with its metadata as headers', async ({ stub, s3 }) => {
  stub.on('s3', 'GetObject', () => ({
    Body: Readable.from([Buffer.from('some '), Buffer.from('bytes')]),
    ContentLength: 10,
    ContentType: 'text/x-test',
    ETag: '"abc"',
    LastModified: new Date('2026-11-21T09:30:00Z'),
    Metadata: { Colour: 'blue', name: 'Grün' },
  }));

  const raw = await stub.send(get('/photos/a'));
  const { Body, ...answer } = await s3.send(new GetObjectCommand({ Bucket: 'photos', Key: 'a' }));

  expect(raw).toMatchObject({
    status: 200,
    body: 'some bytes',
    headers: {
      'content-type': 'text/x-test',
      etag: '"abc"',
      'last-modified': 'Sat, 21 Nov 2026 09:30:00 GMT',
      'x-amz-meta-colour': 'blue',
      'x-amz-meta-name': '=?UTF-8?B?R3LDvG4=?=',
    },
  });
  expect(raw.headers['x-amz-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(raw.headers['x-amz-id-2']).toMatch(/^[A-Za-z0-9+/=]{40,}$/);
  expect(await Body?.transformToString()).toBe('some bytes');
  expect(answer).toMatchObject({ ContentLength: 10, LastModified: new Date('2026-11-21T09:30:00Z') });
});

test('an output may have a status of its own, as a range of an object does', async ({ stub }) => {
  stub.on('s3', 'GetObject', () => ({ Body: 'bytes', ContentRange: 'bytes 5-9/10', [httpStatus]: 206 }));
  const answer = await stub.send(get('/photos/a', { range: 'bytes=5-9' }));
  expect(answer).toMatchObject({ status: 206, body: 'bytes', headers: { 'content-range': 'bytes 5-9/10' } });
});

test('a date that is none does not count', async ({ stub }) => {
  stub.on('s3', 'GetObject', () => ({ Body: 'x' }));
  await stub.send(
    get('/photos/a', { 'if-modified-since': 'yesterday', 'if-unmodified-since': 'Sat, 21 Nov 2026 09:30:00 GMT' }),
  );
  expect(stub.inputs).toEqual([{ Bucket: 'photos', Key: 'a', IfUnmodifiedSince: new Date('2026-11-21T09:30:00Z') }]);
});

test('keys keep their slashes, spaces and percent signs', async ({ stub, s3 }) => {
  stub.on('s3', 'HeadObject', () => ({}));
  const keys = ['a/b//c', '/leading', 'trailing/', '100% sure?#', 'ä/😀 +.txt', '../up'];
  for (const Key of keys) await s3.send(new HeadObjectCommand({ Bucket: 'photos', Key }));
  expect(stub.inputs.map(({ Key }) => Key)).toEqual(keys);
});

test('a key is decoded once, however it was sent', async ({ stub }) => {
  stub.on('s3', 'GetObject', () => ({ Body: 'x' }));
  const sent = [
    ['/photos/a%2Fb', 'a/b'],
    ['/photos/a+b', 'a+b'],
    ['/photos/a%2Bb%20c', 'a+b c'],
    ['/photos/a//b/', 'a//b/'],
    ['/photos//a', '/a'],
    ['/photos/a/../b/./c', 'a/../b/./c'],
    ['/photos/a;b=c@d:e,f', 'a;b=c@d:e,f'],
    ['/photos/100%2525', '100%25'],
    ['/photos/50%-off', '50%-off'],
    ['/photos/%E4%BD%A0', '你'],
    ['/photos/a%3Fb%23c?versionId=1', 'a?b#c'],
  ] as const;
  for (const [path] of sent) await stub.send(get(path));
  expect(stub.inputs.map(({ Bucket, Key }) => [Bucket, Key])).toEqual(sent.map(([, key]) => ['photos', key]));
});

for (const host of [
  'photos.s3.localhost:4566',
  'photos.localhost',
  'photos.s3.eu-west-1.localhost.localstack.cloud:4566',
  'photos.s3.amazonaws.com',
]) {
  test(`the bucket is read from the host ${host}`, async ({ stub }) => {
    stub.on('s3', 'GetObject', () => ({ Body: 'x' }));
    stub.on('s3', 'ListObjectsV2', () => ({}));
    await stub.send(get('/photos/a', { host }));
    await stub.send(get('/?list-type=2', { host }));
    expect(stub.inputs).toMatchObject([{ Bucket: 'photos', Key: 'photos/a' }, { Bucket: 'photos' }]);
  });
}

test('XML is read with any prefix, spaces and byte order mark, but never with a DTD', async ({ stub }) => {
  stub.on('s3', 'PutBucketVersioning', () => ({}));
  const put = (body: string): RawRequest => ({ method: 'PUT', path: '/photos?versioning', body });
  const taken = [
    '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
    '\uFEFF<?xml version="1.0"?>\n<!-- a comment -->\n<s3:VersioningConfiguration xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/">\n  <s3:Status>Enabled</s3:Status>\n</s3:VersioningConfiguration>\n',
    "<VersioningConfiguration xmlns='http://s3.amazonaws.com/doc/2006-03-01/'><Unknown/><Status>Enabled</Status></VersioningConfiguration>",
  ];
  for (const body of taken) expect(await stub.send(put(body)), body).toMatchObject({ status: 200 });
  expect(stub.inputs).toHaveLength(taken.length);
  for (const input of stub.inputs) expect(input).toMatchObject({ VersioningConfiguration: { Status: 'Enabled' } });

  const dtd = `<!DOCTYPE a [<!ENTITY e "Enabled">]><VersioningConfiguration><Status>&e;</Status></VersioningConfiguration>`;
  expect(await stub.send(put(dtd))).toMatchObject({ status: 400, body: expect.stringContaining('MalformedXML') });
});

test('answers name their server, and those without a body have neither type nor length of one', async ({ stub }) => {
  stub.on('s3', 'DeleteObject', () => ({}));
  stub.on('s3', 'PutObject', () => ({}));
  const deleted = await stub.send({ method: 'DELETE', path: '/photos/a' });
  expect(deleted.status).toBe(204);
  expect(deleted.headers).toMatchObject({ server: 'AmazonS3', date: expect.any(String) });
  expect(deleted.headers).not.toHaveProperty('content-type');
  expect(deleted.headers).not.toHaveProperty('content-length');
  const put = await stub.send({ method: 'PUT', path: '/photos/a', headers: { 'content-length': '0' } });
  expect(put).toMatchObject({ status: 200, headers: { 'content-length': '0' } });
  expect(put.headers).not.toHaveProperty('content-type');
});

test('a bucket may be in the host', async ({ stub }) => {
  stub.on('s3', 'GetObject', () => ({ Body: 'x' }));
  await stub.send(get('/a/key', { host: 'photos.s3.us-east-1.amazonaws.com' }));
  expect(stub.inputs).toMatchObject([{ Bucket: 'photos', Key: 'a/key' }]);
});

test('headers, queries and bodies of the SDK arrive typed', async ({ stub, s3 }) => {
  for (const operation of ['ListObjectsV2', 'UploadPart', 'DeleteObjects']) stub.on('s3', operation, () => ({}));
  stub.on('s3', 'CopyObject', () => ({ CopyObjectResult: { ETag: '"abc"' } }));
  const since = new Date('2026-11-21T09:30:00Z');

  await s3.send(new ListObjectsV2Command({ Bucket: 'photos', MaxKeys: 3, FetchOwner: true, Prefix: 'a b/&' }));
  await s3.send(
    new CopyObjectCommand({
      Bucket: 'photos',
      Key: 'b',
      CopySource: 'photos/a',
      CopySourceIfModifiedSince: since,
      Metadata: { one: '1', 'two-words': '2' },
    }),
  );
  await s3.send(new UploadPartCommand({ Bucket: 'photos', Key: 'b', PartNumber: 2, UploadId: 'u', Body: 'content' }));
  await s3.send(
    new DeleteObjectsCommand({
      Bucket: 'photos',
      Delete: { Objects: [{ Key: ' <a>&' }, { Key: 'b\u0001\r\n', VersionId: 'v' }], Quiet: true },
    }),
  );

  expect(stub.inputs).toMatchObject([
    { Bucket: 'photos', MaxKeys: 3, FetchOwner: true, Prefix: 'a b/&' },
    { CopySource: 'photos/a', CopySourceIfModifiedSince: since, Metadata: { one: '1', 'two-words': '2' } },
    { PartNumber: 2, UploadId: 'u', Body: Buffer.from('content') },
    { Delete: { Objects: [{ Key: ' <a>&' }, { Key: 'b\u0001\r\n', VersionId: 'v' }], Quiet: true } },
  ]);
});

test('lists are written flat where the model says so, and text is escaped', async ({ stub, s3 }) => {
  const Contents = [
    { Key: 'a<b', Size: 1, LastModified: new Date('2026-11-21T09:30:00.123Z') },
    { Key: 'line\r\nbreak\u0001', Size: 2, LastModified: new Date(0) },
  ];
  stub.on('s3', 'ListObjectsV2', () => ({ Name: 'photos', Contents, IsTruncated: false }));

  const { body, headers } = await stub.send(get('/photos?list-type=2'));
  const answer = await s3.send(new ListObjectsV2Command({ Bucket: 'photos' }));

  expect(headers['content-type']).toBe('application/xml');
  expect(body).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
      '<IsTruncated>false</IsTruncated>' +
      '<Contents><Key>a&lt;b</Key><LastModified>2026-11-21T09:30:00.123Z</LastModified><Size>1</Size></Contents>' +
      '<Contents><Key>line&#xD;\nbreak&#x1;</Key><LastModified>1970-01-01T00:00:00.000Z</LastModified><Size>2</Size></Contents>' +
      '<Name>photos</Name></ListBucketResult>',
  );
  expect(answer).toMatchObject({ Contents, Name: 'photos', IsTruncated: false });
});

test('the location of a bucket is the text of the root element', async ({ stub, s3 }) => {
  let location: string | undefined = 'eu-west-1';
  stub.on('s3', 'GetBucketLocation', () => ({ LocationConstraint: location }));
  const ireland = await s3.send(new GetBucketLocationCommand({ Bucket: 'photos' }));
  location = undefined;
  const virginia = await s3.send(new GetBucketLocationCommand({ Bucket: 'photos' }));
  const raw = await stub.send(get('/photos?location'));

  expect(ireland.LocationConstraint).toBe('eu-west-1');
  expect(virginia.LocationConstraint).toBeFalsy();
  expect(raw.body).toContain(
    '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>',
  );
});

test('an error names code, message, details and both ids', async ({ stub }) => {
  stub.on('s3', 'GetObject', () => {
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', { members: { Key: 'a&b' } });
  });
  const { status, headers, body } = await stub.send(get('/photos/a'));
  expect(status).toBe(404);
  expect(headers['content-type']).toBe('application/xml');
  expect(body).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>' +
      '<Message>The specified key does not exist.</Message><Key>a&amp;b</Key>' +
      `<RequestId>${String(headers['x-amz-request-id'])}</RequestId><HostId>${String(headers['x-amz-id-2'])}</HostId></Error>`,
  );
});

test('not modified and the errors of HEAD have no body', async ({ stub, s3 }) => {
  stub.on('s3', 'GetObject', () => {
    throw new AwsError('NotModified', 'Not Modified', { statusCode: 304 });
  });
  stub.on('s3', 'HeadObject', () => {
    throw new AwsError('NoSuchKey', 'The specified key does not exist.');
  });
  const notModified = await stub.send(get('/photos/a'));
  const head = await stub.send({ method: 'HEAD', path: '/photos/a' });
  const caught = await s3.send(new HeadObjectCommand({ Bucket: 'photos', Key: 'a' })).catch((error: unknown) => error);

  expect(notModified).toMatchObject({ status: 304, body: '' });
  expect(head).toMatchObject({ status: 404, body: '' });
  expect(caught).toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
});

test('a body that is not the XML asked for is malformed', async ({ stub }) => {
  stub.on('s3', 'DeleteObjects', () => ({}));
  stub.on('s3', 'PutBucketVersioning', () => ({}));
  const requests = [
    { method: 'POST', path: '/photos?delete', body: '<Delete><Object><Key>a</Key></Object>' },
    { method: 'POST', path: '/photos?delete', body: '<Tagging/>' },
    {
      method: 'POST',
      path: '/photos?delete',
      body: '<Delete><Quiet>maybe</Quiet><Object><Key>a</Key></Object></Delete>',
    },
    { method: 'POST', path: '/photos?delete', body: '<Delete><Object><VersionId>a</VersionId></Object></Delete>' },
    {
      method: 'PUT',
      path: '/photos?versioning',
      body: '<VersioningConfiguration><Status>Perhaps</Status></VersioningConfiguration>',
    },
  ];
  for (const request of requests) {
    const { status, body } = await stub.send(request);
    expect(status, request.body).toBe(400);
    expect(body, request.body).toContain('<Code>MalformedXML</Code>');
  }
  expect(stub.inputs).toEqual([]);
});

test('arguments that break the schema are named', async ({ stub }) => {
  stub.on('s3', 'ListObjectsV2', () => ({}));
  stub.on('s3', 'PutObject', () => ({}));
  const number = await stub.send(get('/photos?list-type=2&max-keys=many'));
  const storage = await stub.send({
    method: 'PUT',
    path: '/photos/a',
    headers: { 'x-amz-storage-class': 'ATTIC' },
    body: 'a',
  });
  expect(number.status).toBe(400);
  expect(number.body).toContain(
    '<Code>InvalidArgument</Code><Message>Provided max-keys not an integer or within integer range</Message>' +
      '<ArgumentName>max-keys</ArgumentName><ArgumentValue>many</ArgumentValue>',
  );
  expect(storage.body).toContain('<Code>InvalidStorageClass</Code>');
  expect(stub.inputs).toEqual([]);
});

test('an upload arrives as a stream', async ({ stub, s3 }) => {
  stub.on('s3', 'PutObject', () => ({ ETag: '"abc"' }));
  const answer = await s3.send(
    new PutObjectCommand({ Bucket: 'photos', Key: 'a', Body: Buffer.alloc(300_000, 'x'), ContentType: 'text/x' }),
  );
  expect(answer.ETag).toBe('"abc"');
  expect(stub.inputs).toMatchObject([{ Key: 'a', ContentType: 'text/x', ContentLength: 300_000 }]);
  expect(stub.inputs[0]?.['Body']).toHaveLength(300_000);
});

test('an upload of unknown content arrives without its chunks', async ({ stub, s3 }) => {
  stub.on('s3', 'PutObject', () => ({}));
  const Body = Readable.from([Buffer.from('hello '), Buffer.from('world')]);
  await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a', Body, ContentLength: 11 }));
  expect(stub.inputs).toMatchObject([{ Key: 'a', ContentLength: 11, Body: Buffer.from('hello world') }]);
  expect(stub.inputs[0]).not.toHaveProperty('ContentEncoding');
});

test('an operation that is not implemented is refused by name', async ({ stub }) => {
  const { status, body } = await stub.send(get('/photos?website'));
  expect(status).toBe(501);
  expect(body).toContain('<Code>NotImplemented</Code>');
  expect(body).toContain('GetBucketWebsite');
});
