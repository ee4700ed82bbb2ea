import { createHash } from 'node:crypto';
import {
  DeletePublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { expect, test as base } from './s3-test.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** `anybody` sends requests that nobody signed, to a path within the test's bucket. */
const test = base.extend<{ anybody: (path: string, init?: RequestInit) => Promise<Answer> }>({
  anybody: async ({ emulator, bucket }, use) => {
    await use(async (path, init) => {
      const response = await fetch(`${emulator.endpoint}/${bucket}${path}`, init);
      return { status: response.status, text: await response.text() };
    });
  },
});

const refused: Record<string, unknown> = { status: 403, text: expect.stringContaining('<Code>AccessDenied</Code>') };

interface StatementChange {
  readonly Effect?: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: object;
}

/** Puts a policy into a bucket whose public access is not blocked; resources are within the bucket. */
async function allow(s3: S3Client, Bucket: string, ...statements: readonly StatementChange[]): Promise<void> {
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const arn = `arn:aws:s3:::${Bucket}`;
  const Statement = statements.map(({ Resource = '/*', ...change }) => ({
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    ...change,
    Resource: [Resource].flat().map((path) => `${arn}${path}`),
  }));
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
}

async function takeAcls(s3: S3Client, Bucket: string): Promise<void> {
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' as const }] };
  await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
}

test('a bucket is closed to everybody until it is opened', async ({ s3, bucket: Bucket, anybody }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello' }));
  expect(await anybody('/o')).toMatchObject(refused);
  expect(await anybody('/nothing')).toMatchObject(refused);
  expect(await anybody('?list-type=2')).toMatchObject(refused);
  expect(await anybody('/new', { method: 'PUT', body: 'new' })).toMatchObject(refused);
  expect(await anybody('/o', { method: 'DELETE' })).toMatchObject(refused);
  expect(await anybody('?policy')).toMatchObject(refused);
});

test('what is in no bucket is said to be so', async ({ emulator, uniqueName }) => {
  const response = await fetch(`${emulator.endpoint}/${uniqueName}/o`);
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('<Code>NoSuchBucket</Code>');
  expect((await fetch(`${emulator.endpoint}/${uniqueName}`, { method: 'PUT' })).status).toBe(403);
});

test('a policy opens the objects that it names, and their absence to who may list', async ({
  s3,
  bucket: Bucket,
  anybody,
}) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'public/a b', Body: 'hello' }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'private/o', Body: 'secret' }));
  await allow(s3, Bucket, { Action: ['s3:Get*'], Resource: '/public/?*' });
  expect(await anybody('/public/a%20b')).toEqual({ status: 200, text: 'hello' });
  expect((await anybody('/public/a%20b', { method: 'HEAD' })).status).toBe(200);
  // What an answer is to say of itself, only those who sign can ask for.
  expect((await anybody('/public/a%20b?response-content-type=text/plain')).status).toBe(400);
  expect(await anybody('/private/o')).toMatchObject(refused);
  expect(await anybody('/public/nothing')).toMatchObject(refused);
  expect(await anybody('/public/a%20b', { method: 'PUT', body: 'harm' })).toMatchObject(refused);
  expect(await anybody('?list-type=2')).toMatchObject(refused);

  await allow(s3, Bucket, {}, { Action: 'S3:LISTBUCKET', Resource: '' });
  expect((await anybody('?list-type=2')).text).toContain('<Key>private/o</Key>');
  expect(await anybody('/public/nothing')).toMatchObject({
    status: 404,
    text: expect.stringContaining('<Code>NoSuchKey</Code>'),
  });
});

test('a denial outweighs what is allowed, conditions or not', async ({ s3, bucket: Bucket, anybody }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello' }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'secret/o', Body: 'secret' }));
  await allow(s3, Bucket, {}, { Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*', Resource: '/secret/*' });
  expect((await anybody('/o')).status).toBe(200);
  expect(await anybody('/secret/o')).toMatchObject(refused);
  await allow(s3, Bucket, {}, { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  expect(await anybody('/o')).toMatchObject(refused);
});

test('a policy that is for somebody, or under a condition, opens nothing', async ({ s3, bucket: Bucket, anybody }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello' }));
  for (const change of [
    { Principal: { AWS: 'arn:aws:iam::123456789012:root' } },
    { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } },
  ]) {
    await allow(s3, Bucket, change);
    expect(await anybody('/o'), JSON.stringify(change)).toMatchObject(refused);
  }
});

test('a public policy counts only where it is not restricted', async ({ s3, bucket: Bucket, anybody }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello' }));
  await allow(s3, Bucket, {});
  const PublicAccessBlockConfiguration = { RestrictPublicBuckets: true };
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  expect(await anybody('/o')).toMatchObject(refused);
});

test('everybody writes, copies and deletes where a policy lets them', async ({ s3, bucket: Bucket, anybody }) => {
  const put = (path: string, headers: Record<string, string> = {}) =>
    anybody(path, { method: 'PUT', body: 'new', headers });
  await s3.send(new PutObjectCommand({ Bucket, Key: 'private/o', Body: 'secret' }));
  await allow(s3, Bucket, { Action: ['s3:PutObject', 's3:DeleteObject'] }, { Resource: '/open/*' });
  expect((await put('/open/o')).status).toBe(200);
  expect(await put('/open/tagged', { 'x-amz-tagging': 'a=b' })).toMatchObject(refused);
  const copy = (source: string) => anybody('/copy', { method: 'PUT', headers: { 'x-amz-copy-source': source } });
  expect((await copy(`${Bucket}/open/o`)).status).toBe(200);
  expect(await copy(`${Bucket}/private/o`)).toMatchObject(refused);
  expect((await anybody('/copy', { method: 'DELETE' })).status).toBe(204);

  const body = '<Delete><Object><Key>open/o</Key></Object></Delete>';
  const deletion = {
    method: 'POST',
    body,
    headers: { 'content-md5': createHash('md5').update(body).digest('base64') },
  };
  await allow(s3, Bucket, { Action: 's3:DeleteObject', Resource: '/open/*' });
  expect(await anybody('?delete', deletion)).toMatchObject(refused);
  await allow(s3, Bucket, { Action: 's3:DeleteObject' });
  expect((await anybody('?delete', deletion)).text).toContain('<Deleted><Key>open/o</Key></Deleted>');
});

test('a form needs no signature where everybody may put', async ({ s3, bucket: Bucket, anybody }) => {
  const form = () => {
    const fields = new FormData();
    fields.set('key', 'open/form');
    fields.set('file', new Blob(['from a form']), 'form.txt');
    return fields;
  };
  expect(await anybody('/', { method: 'POST', body: form() })).toMatchObject(refused);
  await allow(s3, Bucket, { Action: ['s3:PutObject', 's3:GetObject'], Resource: '/open/*' });
  expect((await anybody('/', { method: 'POST', body: form() })).status).toBe(204);
  expect((await anybody('/open/form')).text).toBe('from a form');
});

test("a bucket's ACL lets everybody list or write, not read objects", async ({ s3, bucket: Bucket, anybody }) => {
  await takeAcls(s3, Bucket);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello' }));
  await s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
  expect((await anybody('?list-type=2')).text).toContain('<Key>o</Key>');
  expect(await anybody('/o')).toMatchObject(refused);
  expect((await anybody('/nothing')).status).toBe(404);
  expect(await anybody('/new', { method: 'PUT', body: 'new' })).toMatchObject(refused);

  await s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read-write' }));
  const headers = { 'x-amz-acl': 'public-read' };
  expect((await anybody('/new', { method: 'PUT', body: 'new', headers })).status).toBe(200);
  expect((await anybody('/new')).text).toBe('new');
  expect((await anybody('/new', { method: 'DELETE' })).status).toBe(204);
  expect(await anybody('?acl')).toMatchObject(refused);
});

test("an object's ACL lets everybody read it, unless ACLs are off or ignored", async ({
  s3,
  bucket: Bucket,
  anybody,
}) => {
  await takeAcls(s3, Bucket);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'hello', ACL: 'public-read' }));
  expect(await anybody('/o')).toEqual({ status: 200, text: 'hello' });
  expect(await anybody('/o?acl')).toMatchObject(refused);
  await s3.send(new PutObjectAclCommand({ Bucket, Key: 'o', ACL: 'authenticated-read' }));
  expect(await anybody('/o')).toMatchObject(refused);
  const GrantFullControl = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"';
  await s3.send(new PutObjectAclCommand({ Bucket, Key: 'o', GrantFullControl }));
  expect((await anybody('/o?acl')).status).toBe(200);
  expect((await anybody('/o')).status).toBe(200);

  const PublicAccessBlockConfiguration = { IgnorePublicAcls: true };
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  expect(await anybody('/o')).toMatchObject(refused);
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] };
  await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
  expect(await anybody('/o')).toMatchObject(refused);
});
