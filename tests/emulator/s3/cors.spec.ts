import {
  type CORSRule,
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, test as base } from './s3-test.ts';

/** `cors` sets the bucket's rules; `preflight` asks as a browser does. */
const test = base.extend<{
  cors: (...CORSRules: CORSRule[]) => Promise<unknown>;
  preflight: (headers: Record<string, string>) => Promise<Response>;
}>({
  cors: async ({ s3, bucket: Bucket }, use) => {
    await use((...CORSRules) => s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } })));
  },
  preflight: async ({ emulator, bucket }, use) => {
    await use((headers) => fetch(`${emulator.endpoint}/${bucket}/key`, { method: 'OPTIONS', headers }));
  },
});

const asks = (method: string, headers: Record<string, string> = {}) => ({
  origin: 'https://localhost:4200',
  'access-control-request-method': method,
  ...headers,
});

test('rules are read back as they were set, until they are deleted', async ({ s3, bucket: Bucket, cors }) => {
  const missing = { name: 'NoSuchCORSConfiguration', BucketName: Bucket, $metadata: { httpStatusCode: 404 } };
  await expect(s3.send(new GetBucketCorsCommand({ Bucket }))).rejects.toMatchObject(missing);
  const rule: CORSRule = {
    ID: 'one',
    AllowedMethods: ['GET', 'PUT'],
    AllowedOrigins: ['https://*.example.com'],
    AllowedHeaders: ['x-AMZ-*'],
    ExposeHeaders: ['etag'],
    MaxAgeSeconds: 0,
  };
  await cors(rule);
  expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual([rule]);
  await s3.send(new DeleteBucketCorsCommand({ Bucket }));
  await expect(s3.send(new GetBucketCorsCommand({ Bucket }))).rejects.toMatchObject(missing);
});

test('rules that S3 does not take are refused', async ({ cors }) => {
  const rule = { AllowedMethods: ['GET'], AllowedOrigins: ['*'] };
  await expect(cors()).rejects.toMatchObject({ name: 'MalformedXML' });
  await expect(cors({ ...rule, AllowedMethods: ['OPTIONS'] })).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'Found unsupported HTTP method in CORS config. Unsupported method is OPTIONS',
  });
  await expect(cors({ ...rule, AllowedOrigins: ['http://*.*'] })).rejects.toMatchObject({
    message: 'AllowedOrigin "http://*.*" can not have more than one wildcard.',
  });
  await expect(cors({ ...rule, ExposeHeaders: ['x-*'] })).rejects.toMatchObject({ name: 'InvalidRequest' });
});

test('a preflight that the rules allow says so', async ({ cors, preflight }) => {
  await cors({
    AllowedMethods: ['GET', 'PUT'],
    AllowedOrigins: ['https://localhost:4200'],
    AllowedHeaders: ['x-AMZ-Meta-*', 'content-type'],
    ExposeHeaders: ['etag', 'x-amz-id-2'],
    MaxAgeSeconds: 3000,
  });
  const answer = await preflight(asks('PUT', { 'access-control-request-headers': 'X-Amz-Meta-A, Content-Type' }));
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'access-control-allow-origin': 'https://localhost:4200',
    'access-control-allow-methods': 'GET, PUT',
    'access-control-allow-headers': 'x-amz-meta-a, content-type',
    'access-control-expose-headers': 'etag, x-amz-id-2',
    'access-control-allow-credentials': 'true',
    'access-control-max-age': '3000',
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  });
});

test('a rule for any origin names none, and wants no credentials', async ({ cors, preflight }) => {
  await cors({ AllowedMethods: ['GET'], AllowedOrigins: ['*'] });
  const { headers } = await preflight(asks('GET'));
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.has('access-control-allow-credentials')).toBe(false);
  expect(headers.has('access-control-max-age')).toBe(false);
});

for (const [what, headers] of [
  ['method', asks('DELETE')],
  ['origin', { ...asks('GET'), origin: 'https://example.com' }],
  ['header', asks('GET', { 'access-control-request-headers': 'x-other' })],
] as const) {
  test(`a preflight for another ${what} is forbidden`, async ({ cors, preflight }) => {
    await cors({ AllowedMethods: ['GET'], AllowedOrigins: ['https://local*:4200'], AllowedHeaders: ['x-one'] });
    const answer = await preflight(headers);
    expect(answer.status).toBe(403);
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
    const text = await answer.text();
    expect(text).toContain('<Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not allowed.');
    expect(text).toContain(
      `<Method>${headers['access-control-request-method']}</Method><ResourceType>OBJECT</ResourceType>`,
    );
  });
}

test('a preflight without origin, rules or bucket is refused by name', async ({ emulator, preflight, uniqueName }) => {
  const bare = await preflight({});
  expect(bare.status).toBe(400);
  expect(await bare.text()).toContain('<Message>Insufficient information. Origin request header needed.</Message>');
  const unset = await preflight(asks('PUT'));
  expect(unset.status).toBe(403);
  expect(await unset.text()).toContain(
    '<Message>CORSResponse: CORS is not enabled for this bucket.</Message><Method>PUT</Method><ResourceType>BUCKET</ResourceType>',
  );
  const nowhere = await fetch(`${emulator.endpoint}/${uniqueName}-none/a`, { method: 'OPTIONS', headers: asks('GET') });
  expect(await nowhere.text()).toContain('<Message>CORSResponse: Bucket not found</Message>');
});

test('answers to allowed origins carry the headers, refusals too, and others do not', async ({
  s3,
  emulator,
  bucket,
  cors,
}) => {
  await cors({ AllowedMethods: ['GET'], AllowedOrigins: ['https://localhost:4200'] });
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'key', Body: 'content' }));
  const get = (origin?: string) =>
    fetch(`${emulator.endpoint}/${bucket}/key`, origin === undefined ? {} : { headers: { origin } });
  const allowed = await get('https://localhost:4200');
  // It is not signed.
  expect(allowed.status).toBe(403);
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://localhost:4200');
  expect((await get('https://example.com')).headers.has('access-control-allow-origin')).toBe(false);
  expect((await get()).headers.has('access-control-allow-origin')).toBe(false);
});
