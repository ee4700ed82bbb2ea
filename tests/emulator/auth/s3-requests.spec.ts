import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { anonymousCaller, type RequestContext, type Service } from '../../../emulator/service.ts';
import { s3Model } from '../../../emulator/services/s3/model.ts';
import { credentials } from '../credentials.ts';
import { expect, serviceWith, test } from '../gateway/start-gateway.ts';

type Input = Readonly<Record<string, unknown>>;

/** An S3 that remembers what it was asked. */
function recorder(): { readonly service: Service; readonly calls: { input: Input; context: RequestContext }[] } {
  const calls: { input: Input; context: RequestContext }[] = [];
  const record = (_state: unknown, input: Input, context: RequestContext): object => {
    calls.push({ input, context });
    return {};
  };
  const service = serviceWith(s3Model, {
    PutObject: record,
    GetObject: record,
    HeadObject: record,
    CopyObject: record,
  });
  return { service, calls };
}

function clientOf(endpoint: string): S3Client {
  return new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
}

test('what a presigned upload carries in its query reaches the operation as headers do', async ({ startGateway }) => {
  const { service, calls } = recorder();
  const { endpoint } = await startGateway([service]);
  const client = clientOf(endpoint);
  const command = new PutObjectCommand({
    Bucket: 'photos',
    Key: 'a b/ü+;%2F//c',
    Metadata: { colour: 'light blue' },
    ACL: 'public-read',
    ServerSideEncryption: 'AES256',
    ChecksumSHA256: 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=',
  });
  const url = await getSignedUrl(client, command, { expiresIn: 60 });
  expect(new URL(url).searchParams.has('x-amz-acl')).toBe(true);
  // This one the signer leaves a header, which then must be sent.
  const headers = { 'x-amz-server-side-encryption': 'AES256' };
  const response = await fetch(url, { method: 'PUT', body: 'abc', headers });
  expect(response.status, await response.text()).toBe(200);
  expect(calls).toMatchObject([
    {
      input: {
        Bucket: 'photos',
        Key: 'a b/ü+;%2F//c',
        Metadata: { colour: 'light blue' },
        ACL: 'public-read',
        ServerSideEncryption: 'AES256',
        Body: Buffer.from('abc'),
      },
    },
  ]);
  // S3 does not read checksums there.
  expect(calls[0]?.input).not.toHaveProperty('ChecksumSHA256');
  client.destroy();
});

test('a presigned request with a header more is refused, and one for another method', async ({ startGateway }) => {
  const { service, calls } = recorder();
  const { endpoint } = await startGateway([service]);
  const client = clientOf(endpoint);
  const put = await getSignedUrl(client, new PutObjectCommand({ Bucket: 'photos', Key: 'a' }), { expiresIn: 60 });
  const more = await fetch(put, { method: 'PUT', body: 'abc', headers: { 'x-amz-meta-more': '1' } });
  expect(more.status).toBe(403);
  expect(await more.text()).toContain(
    '<Message>There were headers present in the request which were not signed</Message><HeadersNotSigned>x-amz-meta-more</HeadersNotSigned>',
  );
  const get = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'photos', Key: 'a' }), { expiresIn: 60 });
  expect((await fetch(get, { method: 'HEAD' })).status).toBe(403);
  expect((await fetch(put)).status).toBe(403);
  const head = await getSignedUrl(client, new HeadObjectCommand({ Bucket: 'photos', Key: 'a' }), { expiresIn: 60 });
  expect((await fetch(head, { method: 'HEAD' })).status).toBe(200);
  expect(calls).toHaveLength(1);
  client.destroy();
});

test('a query that is not part of a presigned request sets no headers', async ({ startGateway }) => {
  const { service, calls } = recorder();
  const { endpoint } = await startGateway([service], { verifySignatures: false });
  await fetch(`${endpoint}/photos/a?x-amz-acl=public-read&x-amz-meta-a=1`, { method: 'PUT', body: 'abc' });
  expect(calls[0]?.input).toEqual({
    Bucket: 'photos',
    Key: 'a',
    Body: Buffer.from('abc'),
    ContentLength: 3,
    ContentType: 'text/plain;charset=UTF-8',
  });
});

test('an anonymous request passes where the service admits it', async ({ startGateway }) => {
  const { service, calls } = recorder();
  const asked: unknown[] = [];
  const open: Service = {
    ...service,
    admitsAnonymous(_state, { path }, operation) {
      asked.push([path, operation]);
      return operation === 'GetObject';
    },
  };
  const { endpoint } = await startGateway([open]);
  expect((await fetch(`${endpoint}/photos/a`)).status).toBe(200);
  const put = await fetch(`${endpoint}/photos/a`, { method: 'PUT', body: 'abc' });
  expect(put.status).toBe(403);
  expect(await put.text()).toContain('<Code>AccessDenied</Code><Message>Access Denied</Message>');
  expect(calls.map(({ context }) => context.caller)).toEqual([anonymousCaller]);
  expect(asked).toEqual([
    ['/photos/a', 'GetObject'],
    ['/photos/a', 'PutObject'],
  ]);
});

test('a wrong signature does not become anonymous', async ({ startGateway }) => {
  const { service, calls } = recorder();
  const { endpoint } = await startGateway([{ ...service, admitsAnonymous: () => true }]);
  const headers = { authorization: 'AWS AKIAUNKNOWN:c2lnbmF0dXJl', 'x-amz-date': new Date().toUTCString() };
  const response = await fetch(`${endpoint}/photos/a`, { headers });
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('<Code>InvalidAccessKeyId</Code>');
  expect(calls).toEqual([]);
});

for (const [title, headers, query, status, text] of [
  ['no key pair', { authorization: 'AWS HAHAHA' }, '', 400, 'Expected AwsAccessKeyId:signature'],
  ['another scheme', { authorization: 'Bearer a' }, '', 400, 'Unsupported Authorization Type'],
  ['no value', { authorization: '' }, '', 403, '<Message>Access Denied</Message>'],
  ['a presigned query too', { authorization: 'AWS a:b' }, '?Signature=a', 400, 'Only one auth mechanism allowed'],
  ['half a query', {}, '?AWSAccessKeyId=a&Signature=b', 403, 'requires the Signature, Expires and AWSAccessKeyId'],
] as const) {
  test(`an authorization with ${title} is refused`, async ({ startGateway }) => {
    const { service } = recorder();
    const { endpoint } = await startGateway([service]);
    const response = await fetch(`${endpoint}/photos/a${query}`, { headers });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(text);
  });
}
