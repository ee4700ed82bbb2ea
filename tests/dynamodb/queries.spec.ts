import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateQuery,
  paginateScan,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['dynamodb'] });

type Item = Record<string, AttributeValue>;

/** BatchWriteItem takes 25 items at once. */
async function putAll(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    expect(UnprocessedItems ?? {}).toEqual({});
  }
}

const event = (day: number, extra: Item = {}): Item => ({
  pk: { S: 'device#1' },
  sk: { S: `2026-11-${String(day).padStart(2, '0')}` },
  ...extra,
});

const daysOf = (items: readonly Item[] | undefined): string[] => (items ?? []).map(({ sk }) => sk?.S?.slice(-2) ?? '');

test('a query gives one partition in the order of its sort key', async ({ aws, table }) => {
  await putAll(aws.dynamodb, table.name, [event(3), event(1), event(2), { pk: { S: 'device#2' }, sk: { S: 'x' } }]);
  const query = {
    TableName: table.name,
    KeyConditionExpression: 'pk = :device',
    ExpressionAttributeValues: { ':device': { S: 'device#1' } },
    ConsistentRead: true,
  };
  const forward = await aws.dynamodb.send(new QueryCommand(query));
  expect(daysOf(forward.Items)).toEqual(['01', '02', '03']);
  const backward = await aws.dynamodb.send(new QueryCommand({ ...query, ScanIndexForward: false, Limit: 1 }));
  expect(daysOf(backward.Items)).toEqual(['03']);
});

for (const { condition, values, days } of [
  { condition: 'sk = :a', values: { ':a': '2026-11-05' }, days: ['05'] },
  { condition: 'sk < :a', values: { ':a': '2026-11-03' }, days: ['01', '02'] },
  { condition: 'sk >= :a', values: { ':a': '2026-11-09' }, days: ['09', '10', '11'] },
  { condition: 'sk BETWEEN :a AND :b', values: { ':a': '2026-11-02', ':b': '2026-11-04' }, days: ['02', '03', '04'] },
  { condition: 'begins_with(sk, :a)', values: { ':a': '2026-11-1' }, days: ['10', '11'] },
]) {
  test(`the key condition ${condition} narrows the query`, async ({ aws, table }) => {
    await putAll(
      aws.dynamodb,
      table.name,
      Array.from({ length: 11 }, (_, index) => event(index + 1)),
    );
    const { Items } = await aws.dynamodb.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: `pk = :device AND ${condition}`,
        ExpressionAttributeValues: {
          ':device': { S: 'device#1' },
          ...Object.fromEntries(Object.entries(values).map(([name, S]) => [name, { S }])),
        },
        ConsistentRead: true,
      }),
    );
    expect(daysOf(Items)).toEqual(days);
  });
}

test('pages of a query follow one another, whatever the filter leaves of them', async ({ aws, table }) => {
  const events = Array.from({ length: 23 }, (_, index) => event(index + 1, { level: { N: String(index % 5) } }));
  await putAll(aws.dynamodb, table.name, events);
  const found: string[] = [];
  let scanned = 0;
  for await (const page of paginateQuery(
    { client: aws.dynamodb, pageSize: 7 },
    {
      TableName: table.name,
      KeyConditionExpression: 'pk = :device',
      FilterExpression: '#level >= :high',
      ExpressionAttributeNames: { '#level': 'level' },
      ExpressionAttributeValues: { ':device': { S: 'device#1' }, ':high': { N: '3' } },
      ConsistentRead: true,
    },
  )) {
    found.push(...daysOf(page.Items));
    scanned += page.ScannedCount ?? 0;
  }
  expect(found).toEqual(['04', '05', '09', '10', '14', '15', '19', '20']);
  expect(scanned).toBe(23);
});

test('the segments of a parallel scan have every item once', async ({ aws, table }) => {
  const items = Array.from({ length: 60 }, (_, index) => ({ pk: { S: `device#${index}` }, sk: { S: 'x' } }));
  await putAll(aws.dynamodb, table.name, items);
  const scanSegment = async (Segment: number): Promise<string[]> => {
    const found: string[] = [];
    for await (const page of paginateScan(
      { client: aws.dynamodb, pageSize: 9 },
      { TableName: table.name, Segment, TotalSegments: 4, ConsistentRead: true },
    )) {
      found.push(...(page.Items ?? []).map(({ pk }) => pk?.S ?? ''));
    }
    return found;
  };
  const segments = await Promise.all([0, 1, 2, 3].map(scanSegment));
  expect(segments.flat().toSorted()).toEqual(items.map(({ pk }) => pk.S).toSorted());
});
