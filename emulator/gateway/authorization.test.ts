import { test, expect } from '@playwright/test';
import { readAuthorization } from './authorization.ts';

const credential = 'AKIDEXAMPLE/20261121/ap-southeast-2/ecs/aws4_request';
const [first, second] = ['a'.repeat(64), 'b'.repeat(64)];

function header(signature: string, name = 'Signature'): string {
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, ${name}=${signature}`;
}

test('a header says the scope, the signed headers and the signature', () => {
  expect(readAuthorization(header(first), '')).toEqual({
    kind: 'header',
    scope: { accessKeyId: 'AKIDEXAMPLE', date: '20261121', region: 'ap-southeast-2', service: 'ecs' },
    signedHeaders: ['host', 'x-amz-date'],
    signature: first,
  });
});

test('a header that differs from the one before in its signature alone has its own signature', () => {
  expect(readAuthorization(header(first), '')).toMatchObject({ signature: first });
  expect(readAuthorization(header(second), '')).toMatchObject({ kind: 'header', signature: second });
});

test('what ends like a signature and is none does not stand for one', () => {
  const twoEndings = (ending: string) => `${header(first)}, XSignature=${ending}`;
  expect(readAuthorization(twoEndings(first), '')).toMatchObject({ signature: first });
  expect(readAuthorization(twoEndings(second), '')).toMatchObject({ signature: first });
  const without = header(second, 'XSignature');
  expect(readAuthorization(without, '')).toMatchObject({ kind: 'malformed', problem: 'parameters' });
  expect(readAuthorization(without, '')).toMatchObject({ kind: 'malformed', problem: 'parameters' });
});

test('an access key may hold slashes', () => {
  const slashed = header(first).replace('AKIDEXAMPLE', 'a/b');
  expect(readAuthorization(slashed, '')).toMatchObject({ scope: { accessKeyId: 'a/b', service: 'ecs' } });
});

test('a signature of another form is read as it came', () => {
  expect(readAuthorization(header('0'), '')).toMatchObject({ kind: 'header', signature: '0' });
  expect(readAuthorization(header(first.toUpperCase()), '')).toMatchObject({ signature: first.toUpperCase() });
});
