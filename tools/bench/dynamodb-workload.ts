import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { clientSettings, type Family } from './workload.ts';

/** The partitions of the table that is measured, and how many items each of them holds. */
const PARTITIONS = 50;
const ITEMS = 10;

/** Orders of customers: one is put, one got, and the ten of a customer queried. */
export const dynamodbFamily: Family<DynamoDBClient> = {
  service: 'DynamoDB',
  operations: ['PutItem', 'GetItem', 'Query'],
  client: (endpoint) => new DynamoDBClient({ ...clientSettings, endpoint }),
  probe: (client) => client.send(new ListTablesCommand({})),
  async prepare(client) {
    const TableName = 'testbed-bench';
    await createOrders(client, TableName);
    await putOrders(client, TableName, PARTITIONS * ITEMS);
    const orders = roundRobin(PARTITIONS * ITEMS);
    return {
      callsOn: (other) => ({
        PutItem: () => other.send(new PutItemCommand({ TableName, Item: order(orders()) })),
        async GetItem() {
          const { customer, placed } = order(orders());
          const { Item } = await other.send(new GetItemCommand({ TableName, Key: { customer, placed } }));
          if (!Item) throw new Error(`GetItem did not find the order ${placed.S}`);
        },
        async Query() {
          const { customer } = order(orders());
          const { Count } = await other.send(
            new QueryCommand({
              TableName,
              KeyConditionExpression: 'customer = :customer AND begins_with(placed, :year)',
              ExpressionAttributeValues: { ':customer': customer, ':year': { S: '2026-' } },
            }),
          );
          if (Count !== ITEMS) throw new Error(`Query found ${Count} orders, not ${ITEMS}`);
        },
      }),
      async remove() {
        await Promise.allSettled([client.send(new DeleteTableCommand({ TableName }))]);
      },
    };
  },
};

export async function createOrders(client: DynamoDBClient, TableName: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'customer', AttributeType: 'S' },
        { AttributeName: 'placed', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'customer', KeyType: 'HASH' },
        { AttributeName: 'placed', KeyType: 'RANGE' },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 0.1, maxDelay: 1 }, { TableName });
}

/** Puts the orders from number `first` up to `end`, that one not included. */
export async function putOrders(client: DynamoDBClient, TableName: string, end: number, first = 0): Promise<void> {
  for (let number = first; number < end; number += 25) {
    const numbers = Array.from({ length: Math.min(25, end - number) }, (_, offset) => number + offset);
    const requests = numbers.map((each) => ({ PutRequest: { Item: order(each) } }));
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }),
    );
    if (UnprocessedItems?.[TableName]) throw new Error('BatchWriteItem left items unprocessed');
  }
}

/** An item of about 250 bytes, as DynamoDB counts them; ten in a row are of one customer. */
export function order(number: number) {
  const id = String(number).padStart(8, '0');
  return {
    customer: { S: `customer#${Math.floor(number / ITEMS)}` },
    placed: { S: `2026-11-21T00:00:00.000Z#${id}` },
    status: { S: 'PLACED' },
    total: { N: '129.95' },
    express: { BOOL: true },
    address: { M: { street: { S: `${number} Example Street` }, city: { S: 'Exampletown' }, zip: { S: '01234' } } },
    lines: {
      L: [{ M: { sku: { S: 'sku-1' }, count: { N: '2' } } }, { M: { sku: { S: 'sku-2' }, count: { N: '1' } } }],
    },
    tags: { SS: ['autumn', 'web'] },
  } satisfies Record<string, AttributeValue>;
}

function roundRobin(count: number): () => number {
  let next = 0;
  return () => {
    next = (next + 1) % count;
    return next;
  };
}
