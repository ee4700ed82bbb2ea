import { keyed, test as base } from './tables-test.ts';

export { expect } from './tables-test.ts';

/**
 * The test function of contract tests of items: `table` is one's own table with the key `pk` (S), `indexed`
 * one with the keys `pk` and `sk`, a global index `by-user` by `who`, which shows `shown`, and a local one
 * `by-due` by `due`.
 */
export const test = base.extend<{ table: string; indexed: string }>({
  table: async ({ createTable, uniqueName }, use) => {
    await use(await createTable({ TableName: `${uniqueName}-table` }));
  },
  indexed: async ({ createTable, uniqueName }, use) => {
    const TableName = await createTable({
      ...keyed('pk:S', 'sk:S', 'who:S', 'due:S'),
      TableName: `${uniqueName}-indexed`,
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-user',
          KeySchema: [{ AttributeName: 'who', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['shown'] },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'by-due',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'due', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
    await use(TableName);
  },
});
