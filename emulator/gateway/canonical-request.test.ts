import { test, expect } from '@playwright/test';
import { canonicalRequest } from './canonical-request.ts';

interface Wire {
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly values?: Record<string, string[]>;
}

function canonical(wire: Wire, options: { s3?: boolean; presigned?: boolean; signedHeaders?: string } = {}): string[] {
  const { values = {}, ...parts } = wire;
  const message = { headersDistinct: values };
  const request = { method: 'GET', path: '/', query: '', headers: {}, message, ...parts };
  return canonicalRequest(request, (options.signedHeaders ?? 'host').split(';'), {
    s3: options.s3 ?? false,
    presigned: options.presigned ?? false,
    payloadHash: 'hash',
  }).split('\n');
}

const paths: { readonly sent: string; readonly s3: string; readonly others: string }[] = [
  { sent: '/', s3: '/', others: '/' },
  { sent: '/a//b/./c/../d', s3: '/a//b/./c/../d', others: '/a/b/d' },
  { sent: '/a/', s3: '/a/', others: '/a/' },
  { sent: '/..', s3: '/..', others: '/' },
  { sent: '/a%20b', s3: '/a%20b', others: '/a%2520b' },
  { sent: '/a%2Fb', s3: '/a%2Fb', others: '/a%252Fb' },
  { sent: "/it's(1)*!", s3: '/it%27s%281%29%2A%21', others: '/it%27s%281%29%2A%21' },
  { sent: '/%e1%88%b4', s3: '/%E1%88%B4', others: '/%25e1%2588%25b4' },
  { sent: '/%ff', s3: '/%ff', others: '/%25ff' },
  { sent: '/~-_.', s3: '/~-_.', others: '/~-_.' },
];

for (const { sent, s3, others } of paths) {
  test(`the path ${sent} is encoded once for S3, normalised and encoded twice for others`, () => {
    expect(canonical({ path: sent }, { s3: true })[1]).toBe(s3);
    expect(canonical({ path: sent })[1]).toBe(others);
  });
}

const queries: { readonly sent: string; readonly canonical: string }[] = [
  { sent: 'b=2&a=1', canonical: 'a=1&b=2' },
  { sent: 'a=2&a=1', canonical: 'a=1&a=2' },
  { sent: 'lifecycle', canonical: 'lifecycle=' },
  { sent: 'a=x%20y&b=x+y', canonical: 'a=x%20y&b=x%20y' },
  { sent: 'a=b=c', canonical: 'a=b%3Dc' },
  { sent: 'a-b=1&a=2&A=3', canonical: 'A=3&a=2&a-b=1' },
  { sent: 'p=%2f&q=/', canonical: 'p=%2F&q=%2F' },
  { sent: '&&a=1&', canonical: 'a=1' },
];

for (const { sent, canonical: expected } of queries) {
  test(`the query ${sent} is sorted and encoded once`, () => {
    expect(canonical({ query: sent })[2]).toBe(expected);
  });
}

test('the signature is left out of a presigned query, and only there', () => {
  const query = 'X-Amz-Signature=abc&a=1';
  expect(canonical({ query }, { presigned: true })[2]).toBe('a=1');
  expect(canonical({ query })[2]).toBe('X-Amz-Signature=abc&a=1');
});

test('header values are trimmed, their spaces collapsed, and repeated headers joined by commas', () => {
  const headers = { host: ' h ', 'x-amz-a': 'one   two', 'x-amz-b': 'x,  y, z' };
  const values = { 'x-amz-b': ['x,  y', 'z'] };
  const lines = canonical({ headers, values }, { signedHeaders: 'host;x-amz-a;x-amz-b' });
  expect(lines.slice(3)).toEqual(['host:h', 'x-amz-a:one two', 'x-amz-b:x, y,z', '', 'host;x-amz-a;x-amz-b', 'hash']);
});

test('one header whose value holds commas stays as it is', () => {
  const headers = { 'x-amz-a': 'x, y' };
  const lines = canonical({ headers, values: { 'x-amz-a': ['x, y'] } }, { signedHeaders: 'x-amz-a' });
  expect(lines[3]).toBe('x-amz-a:x, y');
});

test('a signed header that was not sent counts as empty', () => {
  expect(canonical({}, { signedHeaders: 'host;x-amz-a' }).slice(3, 5)).toEqual(['host:', 'x-amz-a:']);
});
