import { paginateScan, ScanCommand, type ScanCommandOutput, type ScanInput } from '@aws-sdk/client-dynamodb';
import { expect, keyed, putAll, test as base } from './tables-test.ts';

interface Fixtures {
  /** A table of 60 items, `pk` from `item-0` on; every third has a `colour`, by which the index `by-colour` knows it. */
  table: string;
  scan: (input?: Partial<ScanInput>) => Promise<ScanCommandOutput>;
}

const test = base.extend<Fixtures>({
  table: async ({ createTable, dynamodb }, use) => {
    const table = await createTable({
      ...keyed('pk:S', undefined, 'colour:S'),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-colour',
          KeySchema: [{ AttributeName: 'colour', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
    const items = Array.from({ length: 60 }, (_, at) => ({
      pk: { S: `item-${at}` },
      data: { N: String(at) },
      ...(at % 3 ? {} : { colour: { S: 'red' } }),
    }));
    await putAll(dynamodb, table, items);
    await use(table);
  },
  scan: async ({ dynamodb, table }, use) => {
    await use((input = {}) => dynamodb.send(new ScanCommand({ TableName: table, ...input })));
  },
});

function keysOf({ Items }: ScanCommandOutput): (string | undefined)[] {
  return Items?.map(({ pk }) => pk?.S) ?? [];
}

test('a scan reads everything, in the same order each time', async ({ scan }) => {
  const all = await scan();
  expect(all).toMatchObject({ Count: 60, ScannedCount: 60 });
  expect(new Set(keysOf(all)).size).toBe(60);
  expect(keysOf(await scan())).toEqual(keysOf(all));
  expect(all.LastEvaluatedKey).toBeUndefined();
});

test('pages and segments share out everything without loss or repetition', async ({ dynamodb, table, scan }) => {
  const all = keysOf(await scan());
  for (const TotalSegments of [1, 2, 7]) {
    for (const Limit of [1, 9, 100]) {
      const read: (string | undefined)[] = [];
      for (let Segment = 0; Segment < TotalSegments; Segment += 1) {
        const input = { TableName: table, TotalSegments, Segment, Limit };
        for await (const page of paginateScan({ client: dynamodb }, input)) read.push(...keysOf(page));
      }
      expect(read).toEqual(all);
    }
  }
});

test('an index that few items appear in is scanned page by page, with the keys of both', async ({
  dynamodb,
  table,
  scan,
}) => {
  const first = await scan({ IndexName: 'by-colour', Limit: 1 });
  expect(Object.keys(first.LastEvaluatedKey ?? {}).toSorted()).toEqual(['colour', 'pk']);
  expect(Object.keys(first.Items?.[0] ?? {}).toSorted()).toEqual(['colour', 'pk']);
  const read: (string | undefined)[] = [];
  for await (const page of paginateScan({ client: dynamodb }, { TableName: table, IndexName: 'by-colour', Limit: 6 })) {
    read.push(...keysOf(page));
  }
  expect(new Set(read).size).toBe(20);
});

test('filters, projections and counting leave their marks', async ({ scan }) => {
  const filter = { FilterExpression: '#d < :x', ExpressionAttributeNames: { '#d': 'data' } };
  const filtered = await scan({
    ...filter,
    ExpressionAttributeValues: { ':x': { N: '10' } },
    ProjectionExpression: '#d',
    ReturnConsumedCapacity: 'TOTAL',
    ConsistentRead: true,
  });
  expect(filtered).toMatchObject({ Count: 10, ScannedCount: 60, ConsumedCapacity: { CapacityUnits: 1 } });
  expect(filtered.Items?.map(({ data }) => Number(data?.N)).toSorted((a, b) => a - b)).toEqual([
    ...Array.from({ length: 10 }).keys(),
  ]);
  const counted = await scan({ Select: 'COUNT' });
  expect(counted).toMatchObject({ Count: 60, ScannedCount: 60 });
  expect(counted.Items).toBeUndefined();
  const legacy = await scan({
    ScanFilter: { data: { ComparisonOperator: 'LT', AttributeValueList: [{ N: '10' }] } },
    AttributesToGet: ['pk'],
  });
  expect(legacy).toMatchObject({ Count: 10, ScannedCount: 60 });
});

const invalid = 'One or more parameter values were invalid: ';
const refusals: readonly (readonly [what: string, input: Partial<ScanInput>, message: string])[] = [
  [
    'a segment of nothing',
    { Segment: 0 },
    'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
  ],
  [
    'segments but none of its own',
    { TotalSegments: 4 },
    'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
  ],
  [
    'a segment beyond the last',
    { Segment: 5, TotalSegments: 5 },
    'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than TotalSegments: 5',
  ],
  [
    'a consistent read of a global index',
    { IndexName: 'by-colour', ConsistentRead: true },
    'Consistent reads are not supported on global secondary indexes',
  ],
  [
    'a limit of nothing',
    { Limit: 0 },
    "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    'a start key of another schema',
    { ExclusiveStartKey: { id: { S: 'x' } } },
    'The provided starting key is invalid: The provided key element does not match the schema',
  ],
  [
    'a start key that is no value',
    { ExclusiveStartKey: { pk: { N: 'x' } } },
    'The provided starting key is invalid: The parameter cannot be converted to a numeric value: x',
  ],
  ['an attribute twice', { AttributesToGet: ['pk', 'pk'] }, `${invalid}Duplicate value in attribute name: pk`],
  [
    'a path into a key',
    { ProjectionExpression: 'pk.deeper' },
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
  ],
  [
    'old and new parameters',
    { AttributesToGet: ['pk'], ProjectionExpression: 'pk' },
    'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}',
  ],
];

for (const [what, input, message] of refusals) {
  test(`a scan with ${what} is refused`, async ({ scan }) => {
    await expect(scan(input)).rejects.toMatchObject({ name: 'ValidationException', message });
  });
}

test('a start key of another segment is refused', async ({ scan }) => {
  const first = await scan({ Segment: 0, TotalSegments: 2, Limit: 1 });
  await expect(scan({ Segment: 1, TotalSegments: 2, ExclusiveStartKey: first.LastEvaluatedKey })).rejects.toMatchObject(
    {
      message:
        'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 1',
    },
  );
});
