import {
  CreateTableCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['dynamodb'] });

/** Seconds that a table may take to become ACTIVE. */
const maxWaitTime = 60;

test('a global secondary index finds items by other attributes, those that have them', async ({ aws, namespace }) => {
  const TableName = `${namespace}-orders`;
  await aws.dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'status', AttributeType: 'S' },
        { AttributeName: 'placed', AttributeType: 'N' },
      ],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-status',
          KeySchema: [
            { AttributeName: 'status', KeyType: 'HASH' },
            { AttributeName: 'placed', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['customer'] },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client: aws.dynamodb, maxWaitTime, minDelay: 1 }, { TableName });
  const put = (pk: string, status: string | undefined, placed: number) =>
    aws.dynamodb.send(
      new PutItemCommand({
        TableName,
        Item: {
          pk: { S: pk },
          placed: { N: String(placed) },
          customer: { S: `customer of ${pk}` },
          secret: { S: 'not projected' },
          ...(status && { status: { S: status } }),
        },
      }),
    );
  await Promise.all([put('1', 'OPEN', 30), put('2', 'OPEN', 4), put('3', 'SHIPPED', 5), put('4', undefined, 6)]);

  const query = (status: string) =>
    new QueryCommand({
      TableName,
      IndexName: 'by-status',
      KeyConditionExpression: '#status = :status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': { S: status } },
    });
  const open = async () => (await aws.dynamodb.send(query('OPEN'))).Items ?? [];
  // An index follows its table in a moment, on AWS.
  await expect.poll(async () => (await open()).map(({ pk }) => pk?.S)).toEqual(['2', '1']);
  expect((await open())[0]).toEqual({
    pk: { S: '2' },
    status: { S: 'OPEN' },
    placed: { N: '4' },
    customer: { S: 'customer of 2' },
  });

  await aws.dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk: { S: '2' } },
      UpdateExpression: 'SET #status = :shipped',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':shipped': { S: 'SHIPPED' } },
    }),
  );
  await expect.poll(async () => (await open()).map(({ pk }) => pk?.S)).toEqual(['1']);
});
