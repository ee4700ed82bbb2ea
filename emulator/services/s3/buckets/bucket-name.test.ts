import { expect, test } from '@playwright/test';
import { checkBucketName } from './bucket-name.ts';

test('names as the rules want them are taken', () => {
  for (const name of ['abc', 'a.b-c.9', '0'.repeat(63), '192.168.5', '1.2.3.4.5', 'xn-punycode']) {
    expect(() => checkBucketName(name), name).not.toThrow();
  }
});

test('each part between the dots is a DNS label', () => {
  for (const name of ['a..b', 'a-.b', 'a.-b', 'a.b-', '-a.b']) {
    expect(() => checkBucketName(name), name).toThrow('The specified bucket is not valid.');
  }
});

test('reserved prefixes and suffixes are refused, also those that SDKs keep to themselves', () => {
  for (const name of [
    'xn--a',
    'sthree-a',
    'amzn-s3-demo-a',
    'a-s3alias',
    'a--ol-s3',
    'a.mrap',
    'a--x-s3',
    'a--table-s3',
  ]) {
    expect(() => checkBucketName(name), name).toThrow('The specified bucket is not valid.');
  }
});

test('names that end in -an are those of the account regional namespace, whose names say account and region', () => {
  const namespace = '-123456789012-us-east-1-an';
  expect(() => checkBucketName(`mine${namespace}`, namespace)).not.toThrow();
  expect(() => checkBucketName(`mine${namespace}`)).toThrow(
    expect.objectContaining({ code: 'MissingNamespaceHeader' }),
  );
  expect(() => checkBucketName('mine', namespace)).toThrow(`Specify ${namespace} as the bucket name suffix`);
  expect(() => checkBucketName('mine-210987654321-us-east-1-an', namespace)).toThrow();
});
