import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from './items-test.ts';

const key = (text: string) => ({ pk: { S: text } });
const puts = (count: number, item: (index: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, index) => ({ PutRequest: { Item: { ...key(`${index}`), ...item(index) } } }));

test('a batch writes and deletes in several tables, and another reads them', async ({
  dynamodb,
  table: first,
  indexed: second,
}) => {
  const item = { pk: { S: 'a' }, sk: { S: 'b' }, who: { S: 'me' }, n: { N: '1' } };
  await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [first]: puts(3) } }));
  const written = await dynamodb.send(
    new BatchWriteItemCommand({
      RequestItems: { [first]: [{ DeleteRequest: { Key: key('0') } }], [second]: [{ PutRequest: { Item: item } }] },
      ReturnConsumedCapacity: 'TOTAL',
      ReturnItemCollectionMetrics: 'SIZE',
    }),
  );
  expect(written.UnprocessedItems).toEqual({});
  expect(written.ConsumedCapacity).toEqual([
    { TableName: first, CapacityUnits: 1 },
    { TableName: second, CapacityUnits: 2 },
  ]);
  expect(written.ItemCollectionMetrics).toEqual({
    [second]: [{ ItemCollectionKey: key('a'), SizeEstimateRangeGB: [0, 1] }],
  });
  const read = await dynamodb.send(
    new BatchGetItemCommand({
      RequestItems: {
        [first]: { Keys: [key('0'), key('1'), key('2')], ConsistentRead: true },
        [second]: { Keys: [{ pk: item.pk, sk: item.sk }], ProjectionExpression: 'n' },
      },
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  expect(read.Responses?.[first]).toEqual([key('1'), key('2')]);
  expect(read.Responses?.[second]).toEqual([{ n: { N: '1' } }]);
  expect(read.UnprocessedKeys).toEqual({});
  expect(read.ConsumedCapacity).toEqual([
    { TableName: first, CapacityUnits: 3 },
    { TableName: second, CapacityUnits: 0.5 },
  ]);
});

test('keys of items beyond 16 MB come back unprocessed, with all that was asked of them', async ({
  dynamodb,
  table,
}) => {
  const payload = { S: 'x'.repeat(400_000) };
  for (const start of [0, 22]) {
    const RequestItems = {
      [table]: puts(22, () => ({ payload })).map(({ PutRequest: { Item } }) => ({
        PutRequest: { Item: { ...Item, pk: { S: `${Number(Item.pk.S) + start}` } } },
      })),
    };
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
  }
  const Keys = Array.from({ length: 44 }, (_, index) => key(`${index}`));
  const options = { ProjectionExpression: '#pk', ExpressionAttributeNames: { '#pk': 'pk' } };
  const read = await dynamodb.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ...options } } }));
  // 41 items of 400,000 bytes and their names are the last that fit into 16,777,216.
  expect(read.Responses?.[table]).toEqual(Keys.slice(0, 41));
  expect(read.UnprocessedKeys).toEqual({ [table]: { Keys: Keys.slice(41), ...options } });
});

const wrongWrites: readonly (readonly [what: string, requests: object[], message: string | RegExp])[] = [
  [
    'the same key twice',
    [...puts(1), { DeleteRequest: { Key: key('0') } }],
    'Provided list of item keys contains duplicates',
  ],
  [
    'a key of another type',
    [{ DeleteRequest: { Key: { pk: { N: '1' } } } }],
    'The provided key element does not match the schema',
  ],
  [
    'an item without its key',
    [{ PutRequest: { Item: { n: { N: '1' } } } }],
    'The provided key element does not match the schema',
  ],
  ['a request that says nothing', [{}], /more than one datatypes set/],
  [
    'an item above 400 KB',
    puts(1, () => ({ x: { S: 'x'.repeat(409_600) } })),
    'Item size has exceeded the maximum allowed size',
  ],
  [
    '26 requests',
    puts(26),
    /^1 validation error detected: Value at 'RequestItems\..+\.member' failed to satisfy constraint: Member must have length less than or equal to 25$/,
  ],
  [
    'no request',
    [],
    /Value '{.+=\[\]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: \[/,
  ],
];

for (const [what, requests, message] of wrongWrites) {
  test(`a batch with ${what} is refused, and nothing of it done`, async ({ dynamodb, table }) => {
    const requestItems = {
      [table]: [{ PutRequest: { Item: key('witness') } }, ...requests].slice(requests.length ? 0 : 1),
    };
    const input = { RequestItems: requestItems } as BatchWriteItemCommandInput;
    await expect(dynamodb.send(new BatchWriteItemCommand(input))).rejects.toMatchObject({
      name: 'ValidationException',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
    const witness = await dynamodb.send(new GetItemCommand({ TableName: table, Key: key('witness') }));
    expect(witness.Item).toBeUndefined();
  });
}

const wrongReads: readonly (readonly [what: string, request: object, message: string | RegExp])[] = [
  ['the same key twice', { Keys: [key('a'), key('a')] }, 'Provided list of item keys contains duplicates'],
  ['a key of another type', { Keys: [{ pk: { N: '1' } }] }, 'The provided key element does not match the schema'],
  [
    'no key',
    { Keys: [] },
    /^1 validation error detected: Value at 'RequestItems\..+\.member\.Keys' failed to satisfy constraint: Member must have length greater than or equal to 1$/,
  ],
  ['101 keys', { Keys: Array.from({ length: 101 }, (_, n) => key(`${n}`)) }, /length less than or equal to 100/],
  [
    'two kinds of projection',
    { Keys: [key('a')], AttributesToGet: ['pk'], ProjectionExpression: 'pk' },
    'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: ' +
      '{AttributesToGet} Expression parameters: {ProjectionExpression}',
  ],
];

for (const [what, request, message] of wrongReads) {
  test(`a batch that reads ${what} is refused`, async ({ dynamodb, table }) => {
    const input = { RequestItems: { [table]: request } } as BatchGetItemCommandInput;
    await expect(dynamodb.send(new BatchGetItemCommand(input))).rejects.toMatchObject({
      name: 'ValidationException',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
}

test('limits of a batch count over all of its tables, and one missing table refuses it', async ({
  dynamodb,
  table: first,
  indexed: second,
  uniqueName,
}) => {
  const keys = (from: number) => Array.from({ length: 51 }, (_, index) => key(`${from + index}`));
  await expect(
    dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [first]: { Keys: keys(0) }, [second]: { Keys: keys(50) } } }),
    ),
  ).rejects.toMatchObject({ message: 'Too many items requested for the BatchGetItem call' });
  await expect(
    dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [first]: puts(13), [second]: puts(13) } })),
  ).rejects.toMatchObject({ message: 'Too many items requested for the BatchWriteItem call' });
  const missing = `${uniqueName}-missing`;
  await expect(
    dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [first]: puts(1), [missing]: puts(1) } })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'Requested resource not found' });
  const untouched = await dynamodb.send(new GetItemCommand({ TableName: first, Key: key('0') }));
  expect(untouched.Item).toBeUndefined();
});

test('what can be no name of a table is refused as such', async ({ dynamodb }) => {
  const rules =
    "at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less " +
    'than or equal to 255, Member must have length greater than or equal to 3, Member must satisfy regular expression ' +
    'pattern: [a-zA-Z0-9_.-]+]';
  await expect(
    dynamodb.send(new BatchGetItemCommand({ RequestItems: { 'bad!name': { Keys: [key('a')] } } })),
  ).rejects.toMatchObject({
    message: `1 validation error detected: Value '{"bad!name":{"Keys":[{"pk":{"S":"a"}}]}}' ${rules}`,
  });
  const ReturnConsumedCapacity = 'BOGUS' as 'NONE';
  const told = "Value 'BOGUS' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy";
  await expect(
    dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { 'bad!name': { Keys: [key('a')] } }, ReturnConsumedCapacity }),
    ),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/^2 validation errors detected: Value '\{"bad!name".*\]; Value 'BOGUS' at/),
  });
  await expect(
    dynamodb.send(new BatchWriteItemCommand({ RequestItems: { 'bad!name': puts(1) }, ReturnConsumedCapacity })),
  ).rejects.toMatchObject({ message: expect.stringContaining(`1 validation error detected: ${told}`) });
  await expect(
    dynamodb.send(new BatchWriteItemCommand({ RequestItems: { 'bad!name': puts(1) } })),
  ).rejects.toMatchObject({
    message: expect.stringContaining("Value '{bad!name=[WriteRequest(putRequest=PutRequest(item={pk="),
  });
  await expect(dynamodb.send(new GetItemCommand({ TableName: 'bad!name', Key: key('a') }))).rejects.toMatchObject({
    message:
      "1 validation error detected: Value 'bad!name' at 'tableName' failed to satisfy constraint: Member must satisfy " +
      'regular expression pattern: [a-zA-Z0-9_.-]+',
  });
});
