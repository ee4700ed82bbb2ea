import { expect, test } from '@playwright/test';
import { manualClock } from '../clock.ts';
import { createCredentialStore } from '../credentials.ts';
import { readAuthorization } from './authorization.ts';
import { verifySignatureV2, type Version2Check } from './sigv2.ts';

const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

interface Request {
  readonly title: string;
  readonly method?: string;
  /** The bucket in the path, and the query behind. */
  readonly resource: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signature: string;
  readonly at: string;
}

/** The examples of the S3 user guide's "Signing and authenticating REST requests". */
const get: Request = {
  title: 'object GET',
  resource: '/johnsmith/photos/puppy.jpg',
  headers: { date: 'Tue, 27 Mar 2007 19:36:42 +0000' },
  signature: 'bWq2s1WEIj+Ydj0vQ697zp+IXMU=',
  at: '2007-03-27T19:36:42Z',
};
const documented: readonly Request[] = [
  get,
  {
    title: 'object PUT',
    method: 'PUT',
    resource: '/johnsmith/photos/puppy.jpg',
    headers: { date: 'Tue, 27 Mar 2007 21:15:45 +0000', 'content-type': 'image/jpeg', 'content-length': '94328' },
    signature: 'MyyxeRY7whkBe+bq8fHCL/2kKUg=',
    at: '2007-03-27T21:15:45Z',
  },
  {
    title: 'list',
    resource: '/johnsmith/?prefix=photos&max-keys=50&marker=puppy',
    headers: { date: 'Tue, 27 Mar 2007 19:42:41 +0000', 'user-agent': 'Mozilla/5.0' },
    signature: 'htDYFYduRNen8P9ZfE/s9SuKy0U=',
    at: '2007-03-27T19:42:41Z',
  },
  {
    title: 'fetch of an ACL',
    resource: '/johnsmith/?acl',
    headers: { date: 'Tue, 27 Mar 2007 19:44:46 +0000' },
    signature: 'c2WLPFtWHVgbEmeEG93a4cG37dM=',
    at: '2007-03-27T19:44:46Z',
  },
  {
    title: 'upload with metadata',
    method: 'PUT',
    resource: '/static.johnsmith.net/db-backup.dat.gz',
    headers: {
      date: 'Tue, 27 Mar 2007 21:06:08 +0000',
      'x-amz-acl': 'public-read',
      'content-type': 'application/x-download',
      'content-md5': '4gJE4saaMU4BqNR0kLY+lw==',
      'x-amz-meta-reviewedby': 'joe@johnsmith.net,jane@johnsmith.net',
      'x-amz-meta-filechecksum': '0x02661779',
      'x-amz-meta-checksumalgorithm': 'crc32',
    },
    signature: 'ilyl83RwaSoYIEdixDQcA4OnAnc=',
    at: '2007-03-27T21:06:08Z',
  },
];

function verify(request: Request, change: Partial<Version2Check> = {}): string {
  const [path = '/', query = ''] = request.resource.split('?');
  const presigned = query.includes('Signature=');
  const header = presigned ? undefined : `AWS ${keys.accessKeyId}:${request.signature}`;
  const authorization = readAuthorization(header, query);
  if (authorization?.kind !== 'version2') throw new Error('That is not Signature Version 2.');
  return verifySignatureV2({
    request: {
      method: request.method ?? 'GET',
      path,
      query,
      headers: request.headers,
      message: { headersDistinct: {} },
    },
    authorization,
    protocol: 'restXml',
    credentials: createCredentialStore('123456789012', keys, manualClock()),
    now: Date.parse(request.at),
    resource: path,
    ...change,
  }).arn;
}

for (const request of documented) {
  test(`the documented signature of an ${request.title} verifies, and for nothing else`, () => {
    expect(verify(request)).toBe('arn:aws:iam::123456789012:user/testbed');
    expect(() => verify({ ...request, method: 'DELETE' })).toThrow(
      expect.objectContaining({ code: 'SignatureDoesNotMatch', statusCode: 403 }),
    );
    expect(() => verify(request, { resource: '/johnsmith/another' })).toThrow(/does not match the signature/);
  });
}

const expires = Date.parse('2007-03-29T03:40:20Z');
const presigned: Request = {
  title: 'presigned GET',
  resource:
    '/johnsmith/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620',
  headers: {},
  signature: '',
  at: '2007-03-27T00:00:00Z',
};

test('the documented presigned request verifies until it expires', () => {
  expect(verify(presigned, { now: expires - 1 })).toBe('arn:aws:iam::123456789012:user/testbed');
  expect(() => verify(presigned, { now: expires })).toThrow(
    expect.objectContaining({
      code: 'AccessDenied',
      message: 'Request has expired',
      members: { Expires: '2007-03-29T03:40:20Z', ServerTime: '2007-03-29T03:40:20Z' },
    }),
  );
});

test('it is refused where only version 4 is taken', () => {
  const refused = expect.objectContaining({
    code: 'InvalidRequest',
    message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  });
  expect(() => verify(presigned, { region: 'eu-central-1' })).toThrow(refused);
  expect(verify(presigned, { region: 'eu-west-1' })).toContain('user/testbed');
});

test('a refusal names the string that was to be signed', () => {
  const wrong = { ...presigned, resource: presigned.resource.replace('NpgC', 'AAAA') };
  expect(() => verify(wrong)).toThrow(
    expect.objectContaining({
      members: expect.objectContaining({
        AWSAccessKeyId: keys.accessKeyId,
        StringToSign: 'GET\n\n\n1175139620\n/johnsmith/photos/puppy.jpg',
      }),
    }),
  );
});

test('dates must be there and near, keys known, and expiry a number', () => {
  expect(() => verify({ ...get, headers: {} })).toThrow(/requires a valid Date or x-amz-date header/);
  expect(() => verify(get, { now: Date.parse(get.at) + 900_001 })).toThrow(
    expect.objectContaining({ code: 'RequestTimeTooSkewed' }),
  );
  const others = createCredentialStore('1', { accessKeyId: 'a', secretAccessKey: 'b' }, manualClock());
  expect(() => verify(get, { credentials: others })).toThrow(expect.objectContaining({ code: 'InvalidAccessKeyId' }));
  const soon = { ...presigned, resource: presigned.resource.replace('1175139620', 'soon') };
  expect(() => verify(soon)).toThrow(/Invalid date \(should be seconds since epoch\): soon/);
});
