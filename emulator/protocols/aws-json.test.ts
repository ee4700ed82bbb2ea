import { expect, test } from '@playwright/test';
import { AwsError } from '../service.ts';
import { dynamodbModel } from '../services/dynamodb/model.ts';
import { logsModel } from '../services/logs/model.ts';
import { awsJson } from './aws-json.ts';
import type { ServiceModel } from './service-model.ts';

function operation(model: ServiceModel, name: string) {
  const found = model.operations.get(name);
  if (!found) throw new Error(`${model.name} has no operation ${name}.`);
  return found;
}

test('answers of DynamoDB, refusals too, carry the CRC-32 of the bytes that are sent', () => {
  const protocol = awsJson('1.0');
  const output = { Item: { pk: { S: 'naïve' } } };
  const answer = protocol.serialize(dynamodbModel, operation(dynamodbModel, 'GetItem'), output, 'id');
  expect(Buffer.from(answer.body as Buffer).toString()).toBe('{"Item":{"pk":{"S":"naïve"}}}');
  // As Python's zlib.crc32 counts it.
  expect(answer.headers['x-amz-crc32']).toBe('1960878583');
  const refusal = protocol.serializeError(dynamodbModel, new AwsError('ValidationException', 'No.'), 'id');
  expect(refusal.headers['x-amz-crc32']).toBe('4236992372');
});

test('answers of other services carry none', () => {
  const answer = awsJson('1.1').serialize(logsModel, operation(logsModel, 'DescribeLogGroups'), {}, 'id');
  expect(answer.headers).toEqual({ 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'id' });
});

test('a refusal names its message as AWS does, capitalised beside the item of a condition that failed', () => {
  const bodyOf = (error: AwsError): unknown =>
    JSON.parse(Buffer.from(awsJson('1.0').serializeError(dynamodbModel, error, 'id').body as Buffer).toString());
  const failed = (members: Record<string, unknown>) =>
    bodyOf(new AwsError('ConditionalCheckFailedException', 'Failed.', { members }));
  expect(failed({})).toEqual({ __type: expect.any(String), message: 'Failed.' });
  const Item = { pk: { S: 'a' } };
  expect(failed({ Item })).toEqual({ __type: expect.any(String), Message: 'Failed.', Item });
});
