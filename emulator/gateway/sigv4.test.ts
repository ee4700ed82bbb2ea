import { test, expect } from '@playwright/test';
import { manualClock } from '../clock.ts';
import { createCredentialStore } from '../credentials.ts';
import type { ProtocolName } from '../protocols/service-model.ts';
import { readAuthorization } from './authorization.ts';
import { verifySignature } from './sigv4.ts';

/** A request as AWS's documentation signs it, with the signature that it says must come out. */
interface DocumentedRequest {
  readonly source: string;
  readonly protocol: ProtocolName;
  readonly secretAccessKey: string;
  readonly accessKeyId: string;
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

const s3Keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const s3Scope = `${s3Keys.accessKeyId}/20130524/us-east-1/s3/aws4_request`;
const s3Time = Date.UTC(2013, 4, 24);
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const documented: DocumentedRequest[] = [
  {
    source: 'IAM user guide, ListUsers',
    protocol: 'awsQuery',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    at: Date.UTC(2015, 7, 30, 12, 36),
    method: 'GET',
    url: '/?Action=ListUsers&Version=2010-05-08',
    headers: {
      host: 'iam.amazonaws.com',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    },
  },
  {
    source: 'S3 API reference, GET object with a range',
    protocol: 'restXml',
    ...s3Keys,
    at: s3Time,
    method: 'GET',
    url: '/test.txt',
    headers: {
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': emptyHash,
      'x-amz-date': '20130524T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${s3Scope},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41`,
    },
  },
  {
    source: 'S3 API reference, PUT object',
    protocol: 'restXml',
    ...s3Keys,
    at: s3Time,
    method: 'PUT',
    url: '/test%24file.text',
    headers: {
      host: 'examplebucket.s3.amazonaws.com',
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      'x-amz-date': '20130524T000000Z',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      authorization: `AWS4-HMAC-SHA256 Credential=${s3Scope},SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd`,
    },
    body: 'Welcome to Amazon S3.',
  },
  {
    source: 'S3 API reference, GET bucket lifecycle',
    protocol: 'restXml',
    ...s3Keys,
    at: s3Time,
    method: 'GET',
    url: '/?lifecycle',
    headers: {
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-content-sha256': emptyHash,
      'x-amz-date': '20130524T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${s3Scope},SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543`,
    },
  },
  {
    source: 'S3 API reference, list objects',
    protocol: 'restXml',
    ...s3Keys,
    at: s3Time,
    method: 'GET',
    url: '/?max-keys=2&prefix=J',
    headers: {
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-content-sha256': emptyHash,
      'x-amz-date': '20130524T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${s3Scope},SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7`,
    },
  },
  {
    source: 'S3 API reference, presigned GET object',
    protocol: 'restXml',
    ...s3Keys,
    at: s3Time + 86_399_000,
    method: 'GET',
    url: `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(s3Scope)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
    headers: { host: 'examplebucket.s3.amazonaws.com' },
  },
];

function verify(documented: DocumentedRequest, change: { readonly method?: string } = {}): string {
  const { accessKeyId, secretAccessKey, headers } = documented;
  const [path = '/', query = ''] = documented.url.split('?');
  return verifySignature({
    request: { method: change.method ?? documented.method, path, query, headers, message: { headersDistinct: {} } },
    authorization: readAuthorization(headers['authorization'], query),
    protocol: documented.protocol,
    body: Buffer.from(documented.body ?? ''),
    credentials: createCredentialStore('123456789012', { accessKeyId, secretAccessKey }, manualClock()),
    now: documented.at,
  }).caller.arn;
}

for (const request of documented) {
  test(`the documented signature verifies: ${request.source}`, () => {
    expect(verify(request)).toBe('arn:aws:iam::123456789012:user/testbed');
  });

  test(`the documented signature does not verify for another method: ${request.source}`, () => {
    expect(() => verify(request, { method: 'DELETE' })).toThrow(/does not match the signature you provided/);
  });
}
