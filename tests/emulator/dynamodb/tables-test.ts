import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  type CreateTableInput,
  DeleteTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { expect, test as base } from '../emulator-test.ts';

export { expect };

/**
 * The test function of contract tests that make tables of their own form. `dynamodb` is a client;
 * `createTable` makes a table and returns its name, which is the test's `uniqueName` unless one is given;
 * it is deleted behind the test.
 */
export const test = base.extend<
  { createTable: (input: Partial<CreateTableInput>) => Promise<string> },
  { dynamodb: DynamoDBClient }
>({
  dynamodb: [
    async ({ connection }, use) => {
      const client = new DynamoDBClient(connection);
      await use(client);
      client.destroy();
    },
    { scope: 'worker' },
  ],
  createTable: async ({ dynamodb, uniqueName }, use) => {
    const created: string[] = [];
    await use(async (input) => {
      const TableName = input.TableName ?? uniqueName;
      await dynamodb.send(
        new CreateTableCommand({ ...keyed('pk:S'), BillingMode: 'PAY_PER_REQUEST', ...input, TableName }),
      );
      created.push(TableName);
      return TableName;
    });
    for (const TableName of created) {
      await dynamodb.send(new DeleteTableCommand({ TableName })).catch((error: Error) => {
        // A test may have deleted its table itself.
        if (error.name !== 'ResourceNotFoundException') throw error;
      });
    }
  },
});

/**
 * The attribute definitions and key schema of a table: `keyed('pk:S', 'sk:N')`. Definitions for indexes
 * come after: `keyed('pk:S', undefined, 'colour:S')`.
 */
export function keyed(
  partition: string,
  sort?: string,
  ...others: string[]
): Required<Pick<CreateTableInput, 'AttributeDefinitions' | 'KeySchema'>> {
  const nameOf = (attribute: string) => attribute.split(':')[0] ?? '';
  return {
    AttributeDefinitions: [partition, ...(sort === undefined ? [] : [sort]), ...others].map((attribute) => ({
      AttributeName: nameOf(attribute),
      AttributeType: attribute.split(':')[1] as 'S' | 'N' | 'B',
    })),
    KeySchema: [
      { AttributeName: nameOf(partition), KeyType: 'HASH' },
      ...(sort === undefined ? [] : [{ AttributeName: nameOf(sort), KeyType: 'RANGE' as const }]),
    ],
  };
}

/** Puts items, 25 at a time. */
export async function putAll(
  dynamodb: DynamoDBClient,
  table: string,
  items: readonly Record<string, AttributeValue>[],
): Promise<void> {
  for (let at = 0; at < items.length; at += 25) {
    const requests = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
    const { UnprocessedItems } = await dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
    );
    expect(UnprocessedItems).toEqual({});
  }
}
