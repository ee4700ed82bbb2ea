import { expect, test } from '@playwright/test';
import { identityOf } from './attached-server.ts';

test('LocalStack is told by its header, with the version of its health', () => {
  const headers = new Headers({ server: 'TwistedWeb/25.5.0', 'x-localstack': 'true' });
  expect(identityOf(headers, '{"services": {"s3": "running"}, "version": "4.14.0"}')).toEqual({
    server: 'localstack',
    title: 'LocalStack 4.14.0',
  });
  expect(identityOf(headers, 'starting')).toEqual({ server: 'localstack', title: 'LocalStack' });
});

test('MinIO is told by the name that all of its answers have', () => {
  const denied = '<Error><Code>AccessDenied</Code></Error>';
  expect(identityOf(new Headers({ server: 'MinIO' }), denied)?.server).toBe('minio');
});

test('DynamoDB Local is told by what DynamoDB says of a call without a signature', () => {
  const headers = new Headers({ server: 'Jetty(12.0.14)' });
  const refusal = '{"__type":"com.amazonaws.dynamodb.v20120810#MissingAuthenticationToken"}';
  expect(identityOf(headers, refusal)?.server).toBe('dynamodb-local');
  expect(identityOf(headers, '<h1>Not Found</h1>'), 'another program on the same HTTP server').toBeUndefined();
});

test('an emulator that only has the path of LocalStack’s health is not LocalStack', () => {
  expect(identityOf(new Headers({ server: 'uvicorn' }), '{"services": {"s3": "running"}}')).toBeUndefined();
});
