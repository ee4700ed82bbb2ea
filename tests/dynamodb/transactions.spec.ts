import {
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['dynamodb'] });

const account = (owner: string) => ({ pk: { S: 'account' }, sk: { S: owner } });

test.beforeEach(async ({ aws, table }) => {
  for (const [owner, balance] of [
    ['Ada', '100'],
    ['Grace', '0'],
  ] as const) {
    const Item = { ...account(owner), balance: { N: balance } };
    await aws.dynamodb.send(new PutItemCommand({ TableName: table.name, Item }));
  }
});

function transfer(table: string, amount: number, ClientRequestToken?: string): TransactWriteItemsCommand {
  const values = { ':amount': { N: String(amount) } };
  return new TransactWriteItemsCommand({
    ClientRequestToken,
    TransactItems: [
      {
        Update: {
          TableName: table,
          Key: account('Ada'),
          UpdateExpression: 'SET balance = balance - :amount',
          ConditionExpression: 'balance >= :amount',
          ExpressionAttributeValues: values,
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      {
        Update: {
          TableName: table,
          Key: account('Grace'),
          UpdateExpression: 'SET balance = balance + :amount',
          ExpressionAttributeValues: values,
        },
      },
    ],
  });
}

test('a transfer happens on both sides', async ({ aws, table }) => {
  await aws.dynamodb.send(transfer(table.name, 30));
  const { Responses = [] } = await aws.dynamodb.send(
    new TransactGetItemsCommand({
      TransactItems: ['Ada', 'Grace'].map((owner) => ({ Get: { TableName: table.name, Key: account(owner) } })),
    }),
  );
  expect(Responses.map(({ Item }) => Item?.['balance']?.N)).toEqual(['70', '30']);
});

test('a transfer that one side refuses happens on neither, and says why', async ({ aws, table }) => {
  await expect(aws.dynamodb.send(transfer(table.name, 101))).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [
      { Code: 'ConditionalCheckFailed', Item: { ...account('Ada'), balance: { N: '100' } } },
      { Code: 'None' },
    ],
  });
  const grace = await aws.dynamodb.send(
    new GetItemCommand({ TableName: table.name, Key: account('Grace'), ConsistentRead: true }),
  );
  expect(grace.Item?.['balance']).toEqual({ N: '0' });
});

test('a transfer that is sent twice with the same token happens once', async ({ aws, namespace, table }) => {
  await aws.dynamodb.send(transfer(table.name, 30, namespace));
  await aws.dynamodb.send(transfer(table.name, 30, namespace));
  await expect(aws.dynamodb.send(transfer(table.name, 31, namespace))).toBeAwsError(
    'IdempotentParameterMismatchException',
  );
  const ada = await aws.dynamodb.send(
    new GetItemCommand({ TableName: table.name, Key: account('Ada'), ConsistentRead: true }),
  );
  expect(ada.Item?.['balance']).toEqual({ N: '70' });
});
