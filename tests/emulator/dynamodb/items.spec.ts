import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from './items-test.ts';

const invalidParameters = 'One or more parameter values were invalid: ';
const keyMismatch = 'The provided key element does not match the schema';
const oneError = '1 validation error detected: ';
const Key = { pk: { S: 'a' } };

test('an item comes back as it was put, with all types of values', async ({ dynamodb, table: TableName }) => {
  const Item = {
    ...Key,
    number: { N: '12345678901234567890123456789012345678' },
    bytes: { B: new Uint8Array([0, 255]) },
    flag: { BOOL: false },
    nothing: { NULL: true as const },
    texts: { SS: ['', 'a', 'x'] },
    numbers: { NS: ['-1', '2', '10'] },
    blobs: { BS: [new Uint8Array([1]), new Uint8Array([255])] },
    things: { L: [{ S: '' }, { M: { constructor: { N: '0' } } }] },
    empty: { M: {} },
  };
  // Sets come back in DynamoDB's order.
  const sent = {
    ...Item,
    texts: { SS: Item.texts.SS.toReversed() },
    numbers: { NS: Item.numbers.NS.toReversed() },
    blobs: { BS: Item.blobs.BS.toReversed() },
  };
  await dynamodb.send(new PutItemCommand({ TableName, Item: sent }));
  const got = await dynamodb.send(new GetItemCommand({ TableName, Key }));
  expect(got.Item).toEqual(Item);
  const part = await dynamodb.send(
    new GetItemCommand({ TableName, Key, ProjectionExpression: 'flag, texts, things[0], gone' }),
  );
  expect(part.Item).toEqual({ flag: { BOOL: false }, texts: Item.texts, things: { L: [{ S: '' }] } });
  const none = await dynamodb.send(new GetItemCommand({ TableName, Key, AttributesToGet: ['gone'] }));
  expect(none.Item).toEqual({});
  const absent = await dynamodb.send(new GetItemCommand({ TableName, Key: { pk: { S: 'b' } } }));
  expect(absent.Item).toBeUndefined();
});

const longKey = { S: 'a'.repeat(2049) };
const wrongKeys = [
  { name: 'of another type', key: { pk: { N: '1' } }, message: keyMismatch },
  { name: 'with an attribute too many', key: { ...Key, more: { S: 'x' } }, message: keyMismatch },
  { name: 'without attributes', key: {}, message: keyMismatch },
  {
    name: 'that is empty',
    key: { pk: { S: '' } },
    message:
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ' +
      'string value. Key: pk',
  },
  {
    name: 'of 2049 bytes',
    key: { pk: longKey },
    message: `${invalidParameters}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
  },
] as const;

for (const { name, key, message } of wrongKeys) {
  test(`a key ${name} is refused by reads, updates and deletes`, async ({ dynamodb, table: TableName }) => {
    const refusal = { name: 'ValidationException', message };
    await expect(dynamodb.send(new GetItemCommand({ TableName, Key: { ...key } }))).rejects.toMatchObject(refusal);
    await expect(dynamodb.send(new UpdateItemCommand({ TableName, Key: { ...key } }))).rejects.toMatchObject(refusal);
    await expect(dynamodb.send(new DeleteItemCommand({ TableName, Key: { ...key } }))).rejects.toMatchObject(refusal);
  });
}

test('a put tells what is wrong with the keys of its item', async ({ dynamodb, indexed: TableName }) => {
  const refusalOf = (Item: PutItemCommandInput['Item']) =>
    dynamodb.send(new PutItemCommand({ TableName, Item })).catch((error: Error) => error.message);
  const keys = { pk: { S: 'a' }, sk: { S: 'b' } };
  expect(await refusalOf({ pk: { S: 'a' } })).toBe(`${invalidParameters}Missing the key sk in the item`);
  expect(await refusalOf({ pk: { L: [] }, sk: { S: 'b' } })).toBe(
    `${invalidParameters}Type mismatch for key pk expected: S actual: L`,
  );
  expect(await refusalOf({ ...keys, sk: { S: 'b'.repeat(1025) } })).toBe(
    `${invalidParameters}Aggregated size of all range keys has exceeded the size limit of 1024 bytes`,
  );
  expect(await refusalOf({ ...keys, who: { N: '1' } })).toBe(
    `${invalidParameters}Type mismatch for Index Key who Expected: S Actual: N IndexName: by-user`,
  );
  expect(await refusalOf({ ...keys, due: { S: '' } })).toBe(
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
      'The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-due, IndexKey: due',
  );
});

test('an item of 400 KB is taken, one byte more refused', async ({ dynamodb, table: TableName }) => {
  const Item = { ...Key, x: { S: 'x'.repeat(409_600 - 4) } };
  await dynamodb.send(new PutItemCommand({ TableName, Item }));
  const larger = { ...Key, y: { S: `${Item.x.S}x` } };
  await expect(dynamodb.send(new PutItemCommand({ TableName, Item: larger }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Item size has exceeded the maximum allowed size',
  });
  const update = new UpdateItemCommand({
    TableName,
    Key,
    UpdateExpression: 'SET y = :y',
    ExpressionAttributeValues: { ':y': { N: '1' } },
  });
  await expect(dynamodb.send(update)).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Item size to update has exceeded the maximum allowed size',
  });
});

test('an update expression is held against the limit of an item as well, AttributeUpdates are not', async ({
  dynamodb,
  table: TableName,
}) => {
  const value = (length: number) => ({ S: 'x'.repeat(length) });
  const fitting = 409_600 - 'b'.length - 22;
  const update = (length: number) =>
    dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET b = :b',
        ConditionExpression: 'attribute_not_exists(pk)',
        ExpressionAttributeValues: { ':b': value(length) },
      }),
    );
  await update(fitting);
  // It is told before the condition, which is not true any more.
  await expect(update(fitting + 1)).rejects.toMatchObject({
    message: 'Item size to update has exceeded the maximum allowed size',
  });
  await dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key,
      AttributeUpdates: { b: { Action: 'PUT', Value: value(409_600 - 'pkab'.length) } },
    }),
  );
});

test('values that nest too deep to be read otherwise get the older form of a refusal', async ({
  dynamodb,
  table: TableName,
}) => {
  let value: AttributeValue = { S: 'leaf' };
  const refused = (ReturnValues: 'UPDATED_NEW') =>
    dynamodb.send(new DeleteItemCommand({ TableName, Key, Expected: { a: { Value: value } }, ReturnValues }));
  const message = 'ReturnValues can only be ALL_OLD or NONE';
  await expect(refused('UPDATED_NEW')).rejects.toMatchObject({ message: `${oneError}${message}` });
  for (let wraps = 0; wraps < 63; wraps++) value = { M: { n: value } };
  await expect(refused('UPDATED_NEW')).rejects.toMatchObject({ message });
});

test('a projection cannot look into a key', async ({ dynamodb, indexed: TableName }) => {
  const read = (ProjectionExpression: string) =>
    dynamodb.send(new GetItemCommand({ TableName, Key: { pk: { S: 'a' }, sk: { S: 'b' } }, ProjectionExpression }));
  const scalars = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ";
  await expect(read('x, sk[0]')).rejects.toMatchObject({ message: `${scalars}Key: sk` });
  await expect(read('due.a')).rejects.toMatchObject({ message: `${scalars}IndexKey: due` });
});

test('a condition that is not true refuses a write and, if asked, shows the item', async ({
  dynamodb,
  table: TableName,
}) => {
  const Item = { ...Key, n: { N: '1' } };
  await dynamodb.send(new PutItemCommand({ TableName, Item }));
  const condition = { ConditionExpression: 'attribute_not_exists(pk)' };
  const refusal = { name: 'ConditionalCheckFailedException', message: 'The conditional request failed' };
  const outcomes = [
    ['ALL_OLD', { ...refusal, Item }],
    ['NONE', { ...refusal, Item: undefined }],
  ] as const;
  for (const [ReturnValuesOnConditionCheckFailure, shown] of outcomes) {
    const options = { TableName, ...condition, ReturnValuesOnConditionCheckFailure };
    await expect(dynamodb.send(new PutItemCommand({ ...options, Item: Key }))).rejects.toMatchObject(shown);
    await expect(dynamodb.send(new DeleteItemCommand({ ...options, Key }))).rejects.toMatchObject(shown);
    await expect(
      dynamodb.send(new UpdateItemCommand({ ...options, Key, UpdateExpression: 'REMOVE n' })),
    ).rejects.toMatchObject(shown);
  }
  const expected = { TableName, Key, Expected: { n: { Value: { N: '2' } } } };
  await expect(dynamodb.send(new DeleteItemCommand(expected))).rejects.toMatchObject(refusal);
  const got = await dynamodb.send(new GetItemCommand({ TableName, Key }));
  expect(got.Item).toEqual(Item);
});

test('an update makes the item that is not there, if its condition is true of nothing', async ({
  dynamodb,
  table: TableName,
}) => {
  const update = { TableName, Key, UpdateExpression: 'REMOVE gone', ReturnValues: 'ALL_NEW' as const };
  const conditional = new UpdateItemCommand({ ...update, ConditionExpression: 'attribute_exists(pk)' });
  await expect(dynamodb.send(conditional)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  const absent = await dynamodb.send(new GetItemCommand({ TableName, Key }));
  expect(absent.Item).toBeUndefined();
  const made = await dynamodb.send(new UpdateItemCommand(update));
  expect(made.Attributes).toEqual(Key);
  const bare = await dynamodb.send(new UpdateItemCommand({ TableName, Key: { pk: { S: 'b' } } }));
  expect(bare.Attributes).toBeUndefined();
  const got = await dynamodb.send(new GetItemCommand({ TableName, Key: { pk: { S: 'b' } } }));
  expect(got.Item).toEqual({ pk: { S: 'b' } });
});

test('an update returns what ReturnValues asks for', async ({ dynamodb, table: TableName }) => {
  const before = { ...Key, a: { N: '1' }, b: { M: { x: { S: 'old' }, y: { S: 'kept' } } }, c: { S: 'c' } };
  const after = { ...before, a: { N: '2' }, b: { M: { x: { S: 'new' }, y: { S: 'kept' } } } };
  const update: UpdateItemCommandInput = {
    TableName,
    Key,
    UpdateExpression: 'SET a = a + :one, b.x = :new',
    ExpressionAttributeValues: { ':one': { N: '1' }, ':new': { S: 'new' } },
  };
  const returned = async (ReturnValues: UpdateItemCommandInput['ReturnValues']) => {
    await dynamodb.send(new PutItemCommand({ TableName, Item: before }));
    const { Attributes } = await dynamodb.send(new UpdateItemCommand({ ...update, ReturnValues }));
    return Attributes;
  };
  expect(await returned('NONE')).toBeUndefined();
  expect(await returned('ALL_OLD')).toEqual(before);
  expect(await returned('ALL_NEW')).toEqual(after);
  expect(await returned('UPDATED_OLD')).toEqual({ a: { N: '1' }, b: { M: { x: { S: 'old' } } } });
  expect(await returned('UPDATED_NEW')).toEqual({ a: { N: '2' }, b: { M: { x: { S: 'new' } } } });
  const removed = new UpdateItemCommand({ TableName, Key, UpdateExpression: 'REMOVE c', ReturnValues: 'UPDATED_NEW' });
  expect((await dynamodb.send(removed)).Attributes).toBeUndefined();
});

test('puts and deletes return the old item only', async ({ dynamodb, table: TableName }) => {
  const Item = { ...Key, n: { N: '1' } };
  const first = await dynamodb.send(new PutItemCommand({ TableName, Item, ReturnValues: 'ALL_OLD' }));
  expect(first.Attributes).toBeUndefined();
  const second = await dynamodb.send(new PutItemCommand({ TableName, Item: Key, ReturnValues: 'ALL_OLD' }));
  expect(second.Attributes).toEqual(Item);
  const removed = await dynamodb.send(new DeleteItemCommand({ TableName, Key, ReturnValues: 'ALL_OLD' }));
  expect(removed.Attributes).toEqual(Key);
  const refusal = { name: 'ValidationException', message: `${oneError}ReturnValues can only be ALL_OLD or NONE` };
  await expect(dynamodb.send(new PutItemCommand({ TableName, Item, ReturnValues: 'ALL_NEW' }))).rejects.toMatchObject(
    refusal,
  );
  await expect(
    dynamodb.send(new DeleteItemCommand({ TableName, Key, ReturnValues: 'UPDATED_OLD' })),
  ).rejects.toMatchObject(refusal);
});

test('an update of the key, or of an index key to what it cannot be, is refused', async ({
  dynamodb,
  indexed: TableName,
}) => {
  const refusalOf = (attribute: string, value: { S: string } | { L: [] }) =>
    dynamodb
      .send(
        new UpdateItemCommand({
          TableName,
          Key: { pk: { S: 'a' }, sk: { S: 'b' } },
          UpdateExpression: `SET ${attribute} = :v`,
          ExpressionAttributeValues: { ':v': value },
        }),
      )
      .catch((error: Error) => error.message);
  expect(await refusalOf('sk', { S: 'b' })).toBe(
    `${invalidParameters}Cannot update attribute sk. This attribute is part of the key`,
  );
  expect(await refusalOf('who', { L: [] })).toBe(
    `${invalidParameters}Type mismatch for Index Key who Expected: S Actual: L IndexName: by-user`,
  );
  expect(await refusalOf('due', { S: '' })).toBe(
    'One or more parameter values are not valid. The update expression attempted to update a secondary index key to ' +
      'a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.',
  );
});

test('expressions do not go with what they have replaced, nor values without expressions', async ({
  dynamodb,
  table: TableName,
}) => {
  const mixed = new UpdateItemCommand({
    TableName,
    Key,
    UpdateExpression: 'REMOVE a',
    ConditionExpression: 'attribute_exists(a)',
    AttributeUpdates: { a: { Action: 'DELETE' } },
    Expected: { a: { Exists: false } },
  });
  await expect(dynamodb.send(mixed)).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      `${oneError}Can not use both expression and non-expression parameters in the same request: Non-expression ` +
      'parameters: {AttributeUpdates, Expected} Expression parameters: {UpdateExpression, ConditionExpression}',
  });
  const lone = new PutItemCommand({ TableName, Item: Key, ExpressionAttributeValues: { ':v': { S: 'x' } } });
  await expect(dynamodb.send(lone)).rejects.toMatchObject({
    message: `${oneError}ExpressionAttributeValues can only be specified when using expressions`,
  });
});

test('writes count the capacity of the table and of the indexes that they change', async ({
  dynamodb,
  indexed: TableName,
}) => {
  const keys = { pk: { S: 'a' }, sk: { S: 'b' } };
  const Item = { ...keys, who: { S: 'me' }, due: { S: '2026' }, shown: { S: 'x' } };
  const put = await dynamodb.send(new PutItemCommand({ TableName, Item, ReturnConsumedCapacity: 'INDEXES' }));
  expect(put.ConsumedCapacity).toEqual({
    TableName,
    CapacityUnits: 3,
    Table: { CapacityUnits: 1 },
    GlobalSecondaryIndexes: { 'by-user': { CapacityUnits: 1 } },
    LocalSecondaryIndexes: { 'by-due': { CapacityUnits: 1 } },
  });
  const same = await dynamodb.send(new PutItemCommand({ TableName, Item, ReturnConsumedCapacity: 'TOTAL' }));
  expect(same.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 1 });
  const moved = await dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: keys,
      UpdateExpression: 'SET #who = :you',
      ExpressionAttributeNames: { '#who': 'who' },
      ExpressionAttributeValues: { ':you': { S: 'you' } },
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  expect(moved.ConsumedCapacity?.CapacityUnits).toBe(4);
  const read = await dynamodb.send(new GetItemCommand({ TableName, Key: keys, ReturnConsumedCapacity: 'TOTAL' }));
  expect(read.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 0.5 });
});

test('item collections are told for tables with local indexes only', async ({
  dynamodb,
  indexed: TableName,
  table,
}) => {
  const Item = { pk: { S: 'a' }, sk: { S: 'b' } };
  const put = await dynamodb.send(new PutItemCommand({ TableName, Item, ReturnItemCollectionMetrics: 'SIZE' }));
  expect(put.ItemCollectionMetrics).toEqual({
    ItemCollectionKey: { pk: { S: 'a' } },
    SizeEstimateRangeGB: [0, 1],
  });
  const other = await dynamodb.send(
    new PutItemCommand({ TableName: table, Item: Key, ReturnItemCollectionMetrics: 'SIZE' }),
  );
  expect(other.ItemCollectionMetrics).toBeUndefined();
});

test('a table that is not there is told last, and not by name', async ({ dynamodb, uniqueName: TableName }) => {
  const refusal = { name: 'ResourceNotFoundException', message: 'Requested resource not found' };
  await expect(dynamodb.send(new GetItemCommand({ TableName, Key }))).rejects.toMatchObject(refusal);
  const invalid = new PutItemCommand({ TableName, Item: { ...Key, n: { N: 'none' } } });
  await expect(dynamodb.send(invalid)).rejects.toMatchObject({
    name: 'ValidationException',
    message: `${oneError}The parameter cannot be converted to a numeric value: none`,
  });
  const wrongValue = new PutItemCommand({
    TableName,
    Item: Key,
    ConditionExpression: 'n = :v',
    ExpressionAttributeValues: { ':v': { N: 'none' } },
  });
  await expect(dynamodb.send(wrongValue)).rejects.toMatchObject({
    message: `${oneError}The parameter cannot be converted to a numeric value: none`,
  });
});
