import { expect, test } from '@playwright/test';
import { batchModel } from '../services/batch/model.ts';
import { s3Model } from '../services/s3/model.ts';
import { matchRoute, type RouteMatch } from './rest-routing.ts';
import type { ServiceModel } from './service-model.ts';

/** What a request line such as `GET /photos?location` means. */
function route(model: ServiceModel, line: string, headers: Record<string, string> = {}): RouteMatch | undefined {
  const [method = '', url = ''] = line.split(' ');
  const [path = '', query = ''] = url.split('?');
  return matchRoute(model, { method, path, query, headers }, new URLSearchParams(query));
}

const s3 = (line: string, headers?: Record<string, string>): string | undefined =>
  route(s3Model, line, headers)?.operation.name;

test('operations on a bucket are told apart by the query', () => {
  for (const [line, operation] of [
    ['GET /', 'ListBuckets'],
    ['GET /photos', 'ListObjects'],
    ['GET /photos/?prefix=a&unknown', 'ListObjects'],
    ['GET /photos/?list-type=2&prefix=a', 'ListObjectsV2'],
    ['GET /photos?location', 'GetBucketLocation'],
    ['GET /photos?uploads=', 'ListMultipartUploads'],
    ['GET /photos?versions', 'ListObjectVersions'],
    ['PUT /photos', 'CreateBucket'],
    ['PUT /photos?versioning', 'PutBucketVersioning'],
    ['POST /photos?delete', 'DeleteObjects'],
    ['DELETE /photos', 'DeleteBucket'],
    ['DELETE /photos?tagging', 'DeleteBucketTagging'],
    ['HEAD /photos', 'HeadBucket'],
  ] as const) {
    expect(s3(line), line).toBe(operation);
  }
});

test('operations on an object are told apart by the query too', () => {
  for (const [line, operation] of [
    ['GET /photos/a', 'GetObject'],
    ['GET /photos/a?acl', 'GetObjectAcl'],
    ['GET /photos/a?tagging&versionId=1', 'GetObjectTagging'],
    ['GET /photos/a?attributes', 'GetObjectAttributes'],
    ['PUT /photos/a?tagging=', 'PutObjectTagging'],
    ['POST /photos/a?uploads', 'CreateMultipartUpload'],
    ['POST /photos/a?restore', 'RestoreObject'],
    ['POST /photos/a?select&select-type=2', 'SelectObjectContent'],
    ['HEAD /photos/a', 'HeadObject'],
    ['DELETE /photos/a', 'DeleteObject'],
  ] as const) {
    expect(s3(line), line).toBe(operation);
  }
});

test('operations with the same method, path and query are told apart by what they require', () => {
  const copy = { 'x-amz-copy-source': 'b/c' };
  expect(s3('PUT /photos/a')).toBe('PutObject');
  expect(s3('PUT /photos/a', copy)).toBe('CopyObject');
  expect(s3('PUT /photos/a?partNumber=1&uploadId=u')).toBe('UploadPart');
  expect(s3('PUT /photos/a?partNumber=1&uploadId=u', copy)).toBe('UploadPartCopy');
  expect(s3('GET /photos/a?uploadId=u')).toBe('ListParts');
  expect(s3('DELETE /photos/a?uploadId=u')).toBe('AbortMultipartUpload');
  expect(s3('POST /photos/a?uploadId=u')).toBe('CompleteMultipartUpload');
  expect(s3('GET /photos?analytics&id=a')).toBe('GetBucketAnalyticsConfiguration');
  expect(s3('GET /photos?analytics')).toBe('ListBucketAnalyticsConfigurations');
});

test('x-id, where it is sent, must agree', () => {
  expect(s3('GET /?x-id=ListBuckets')).toBe('ListBuckets');
  expect(s3('GET /?x-id=ListDirectoryBuckets')).toBe('ListDirectoryBuckets');
  expect(s3('GET /photos/a?x-id=GetObject')).toBe('GetObject');
});

test('labels are decoded, a greedy one with its slashes', () => {
  expect(route(s3Model, 'GET /photos/2026/a%20b%2Fc//d')?.labels).toEqual({ Bucket: 'photos', Key: '2026/a b/c//d' });
  expect(route(s3Model, 'GET /photos/100%25%')?.labels).toEqual({ Bucket: 'photos', Key: '100%25%' });
  expect(route(batchModel, 'GET /v1/tags/arn%3Aaws%3Abatch%3Ajob%2Fa')?.labels).toEqual({
    resourceArn: 'arn:aws:batch:job/a',
  });
});

test('a request that no operation takes matches nothing', () => {
  expect(route(batchModel, 'GET /v1/submitjob')).toBeUndefined();
  expect(route(batchModel, 'POST /v1/nonsense')).toBeUndefined();
  expect(route(batchModel, 'GET /v1/tags/a/b')).toBeUndefined();
  expect(s3('PATCH /photos/a')).toBeUndefined();
  expect(s3('POST /')).toBeUndefined();
});
