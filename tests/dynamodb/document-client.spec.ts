import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['dynamodb'] });

test('the document client stores and finds plain objects', async ({ aws, table }) => {
  const documents = DynamoDBDocumentClient.from(aws.dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const order = {
    pk: 'customer#1',
    sk: 'order#1',
    price: 12.5,
    lines: [{ product: 'apples', quantity: 3 }],
    labels: new Set(['gift']),
    note: undefined,
    paid: null,
  };
  await documents.send(new PutCommand({ TableName: table.name, Item: order }));

  const { note: _left, ...stored } = order;
  const key = { pk: order.pk, sk: order.sk };
  const got = await documents.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }));
  expect(got.Item).toEqual(stored);
  const found = await documents.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :customer and begins_with(sk, :orders)',
      FilterExpression: 'contains(labels, :gift) and price > :least',
      ExpressionAttributeValues: { ':customer': 'customer#1', ':orders': 'order#', ':gift': 'gift', ':least': 10 },
      ConsistentRead: true,
    }),
  );
  expect(found.Items).toEqual([stored]);
});
