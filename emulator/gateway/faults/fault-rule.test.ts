import { expect, test } from '@playwright/test';
import { dynamodbModel } from '../../services/dynamodb/model.ts';
import { s3Model } from '../../services/s3/model.ts';
import { readFaultRule } from './fault-rule.ts';

const models = [dynamodbModel, s3Model];

/** The message about a rule that is refused, without its first line. */
const refusalOf = (input: unknown): string => {
  try {
    readFaultRule(input, models);
  } catch (error) {
    return String(error).split('\n').slice(1).join('\n');
  }
  throw new Error('The rule was accepted.');
};

test('what is left out has its default', () => {
  expect(readFaultRule({ service: 's3', fault: { kind: 'connection-reset' } }, models)).toEqual({
    service: 's3',
    fault: { kind: 'connection-reset', when: 'before' },
  });
  expect(readFaultRule({ service: 's3', fault: { kind: 'server-error' } }, models).fault).toEqual({
    kind: 'server-error',
    status: 500,
  });
});

test('an unknown service or operation is refused with those that there are', () => {
  expect(refusalOf({ service: 'sqs', fault: { kind: 'throttling' } })).toBe(
    "service: there is no 'sqs'; there are dynamodb, s3",
  );
  expect(refusalOf({ service: 'dynamodb', operation: 'QueryItems', fault: { kind: 'throttling' } })).toBe(
    "operation: 'dynamodb' has no 'QueryItems'; there are Query",
  );
});

test('an unknown kind is refused with those that there are', () => {
  expect(refusalOf({ service: 's3', fault: { kind: 'fire' } })).toContain(
    'must be one of latency, throttling, server-error, connection-reset, truncated-body, slow-body, no-response, error-in-200',
  );
});

test('every wrong member has a line of its own', () => {
  expect(refusalOf({ service: 's3', rate: 2, times: 0, tims: 1, fault: { kind: 'latency' } }).split('\n')).toEqual([
    'times: must be more than 0, not 0',
    'rate: must be at most 1, not 2',
    'fault.milliseconds: is missing; it must be a number',
    'the fault: there is no tims in it',
  ]);
});

test('what excludes each other is refused', () => {
  const fault = { kind: 'throttling' };
  expect(refusalOf({ service: 's3', times: 1, rate: 0.5, fault })).toContain('not both');
  expect(refusalOf({ service: 's3', seed: 1, fault })).toContain('there is no rate');
  expect(refusalOf({ service: 's3', fault: { kind: 'throttling', code: 'ThrottlingException' } })).toBe(
    "fault.code: 's3' throttles with SlowDown, not with 'ThrottlingException'",
  );
  expect(refusalOf({ service: 's3', operation: 'PutObject', fault: { kind: 'error-in-200' } })).toContain(
    'CompleteMultipartUpload, CopyObject, UploadPartCopy of s3',
  );
});
