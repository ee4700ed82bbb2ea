import { expect, test } from '@playwright/test';
import { bucketAddress } from './bucket-address.ts';

const address = (host: string, path: string): [string | undefined, string] => {
  const { path: rest, labels } = bucketAddress({ path, headers: { host } });
  return [labels['Bucket'], rest];
};

test('a path-style request names its bucket first', () => {
  expect(address('127.0.0.1:4566', '/photos')).toEqual(['photos', '/']);
  expect(address('127.0.0.1:4566', '/photos/')).toEqual(['photos', '/']);
  expect(address('localhost:4566', '/photos/2026//a%20b')).toEqual(['photos', '/2026//a%20b']);
  expect(address('s3.us-east-1.amazonaws.com', '/photos/a')).toEqual(['photos', '/a']);
});

test('a virtual-hosted request has it in the host', () => {
  expect(address('photos.s3.amazonaws.com', '/a/b')).toEqual(['photos', '/a/b']);
  expect(address('photos.s3.eu-west-1.localhost.localstack.cloud:4566', '/')).toEqual(['photos', '/']);
  expect(address('my.dotted.bucket.s3-eu-west-1.amazonaws.com', '/a')).toEqual(['my.dotted.bucket', '/a']);
  expect(address('my.s3.bucket.s3.amazonaws.com', '/a')).toEqual(['my.s3.bucket', '/a']);
  expect(address('photos.localhost:4566', '/a')).toEqual(['photos', '/a']);
});

test('a request to the service itself has none', () => {
  for (const host of ['127.0.0.1:4566', 's3.localhost:4566', 's3.us-east-1.amazonaws.com']) {
    expect(address(host, '/'), host).toEqual([undefined, '/']);
  }
});
