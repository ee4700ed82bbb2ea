import { DeleteItemCommand, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['dynamodb'] });

const key = { pk: { S: 'order#1' }, sk: { S: 'details' } };

test('an item comes back with every type that it had', async ({ aws, table }) => {
  const Item = {
    ...key,
    text: { S: 'größe 🚀' },
    empty: { S: '' },
    number: { N: '-12345678901234567890.123456789' },
    bytes: { B: new Uint8Array([0, 127, 255]) },
    yes: { BOOL: true },
    nothing: { NULL: true as const },
    list: { L: [{ S: 'a' }, { N: '1' }, { L: [] }] },
    map: { M: { inner: { M: { deep: { BOOL: false } } } } },
    words: { SS: ['x'] },
    numbers: { NS: ['7'] },
  };
  await aws.dynamodb.send(new PutItemCommand({ TableName: table.name, Item }));
  const got = await aws.dynamodb.send(new GetItemCommand({ TableName: table.name, Key: key, ConsistentRead: true }));
  expect(got.Item).toEqual(Item);
});

test('an item that is not there is no error', async ({ aws, table }) => {
  const got = await aws.dynamodb.send(new GetItemCommand({ TableName: table.name, Key: key }));
  expect(got.Item).toBeUndefined();
});

test('a projection gives the paths that it names', async ({ aws, table }) => {
  const Item = {
    ...key,
    customer: { M: { name: { S: 'Ada' }, address: { M: { city: { S: 'London' } } } } },
    positions: { L: [{ S: 'apples' }, { S: 'pears' }] },
  };
  await aws.dynamodb.send(new PutItemCommand({ TableName: table.name, Item }));
  const got = await aws.dynamodb.send(
    new GetItemCommand({
      TableName: table.name,
      Key: key,
      ProjectionExpression: 'customer.address.city, #positions[1]',
      ExpressionAttributeNames: { '#positions': 'positions' },
    }),
  );
  expect(got.Item).toEqual({
    customer: { M: { address: { M: { city: { S: 'London' } } } } },
    positions: { L: [{ S: 'pears' }] },
  });
});

test('an update changes, adds and removes attributes at once', async ({ aws, table }) => {
  const Item = { ...key, count: { N: '5' }, tags: { SS: ['new', 'big'] }, draft: { BOOL: true }, positions: { L: [] } };
  await aws.dynamodb.send(new PutItemCommand({ TableName: table.name, Item }));
  const { Attributes } = await aws.dynamodb.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: key,
      UpdateExpression:
        'SET #count = #count + :one, positions = list_append(positions, :line), customer = if_not_exists(customer, :customer) REMOVE draft DELETE tags :new ADD changes :one',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: {
        ':one': { N: '1' },
        ':line': { L: [{ S: 'apples' }] },
        ':customer': { S: 'Ada' },
        ':new': { SS: ['new'] },
      },
      ReturnValues: 'ALL_NEW',
    }),
  );
  expect(Attributes).toEqual({
    ...key,
    count: { N: '6' },
    positions: { L: [{ S: 'apples' }] },
    customer: { S: 'Ada' },
    tags: { SS: ['big'] },
    changes: { N: '1' },
  });
});

test('a hundred increments at once are a hundred', async ({ aws, table }) => {
  const increment = () =>
    aws.dynamodb.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: key,
        UpdateExpression: 'ADD hits :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  await Promise.all(Array.from({ length: 100 }, increment));
  const { Item } = await aws.dynamodb.send(
    new GetItemCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
  );
  expect(Item?.['hits']).toEqual({ N: '100' });
});

test('a condition keeps the second of two creations out, and shows what is there', async ({ aws, table }) => {
  const create = (owner: string) =>
    aws.dynamodb.send(
      new PutItemCommand({
        TableName: table.name,
        Item: { ...key, owner: { S: owner } },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  await create('Ada');
  await expect(create('Grace')).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { ...key, owner: { S: 'Ada' } },
  });
});

test('of two writers with the same version, one wins', async ({ aws, table }) => {
  await aws.dynamodb.send(new PutItemCommand({ TableName: table.name, Item: { ...key, version: { N: '1' } } }));
  const save = (author: string) =>
    aws.dynamodb.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: key,
        UpdateExpression: 'SET author = :author, version = version + :one',
        ConditionExpression: 'version = :seen',
        ExpressionAttributeValues: { ':author': { S: author }, ':one': { N: '1' }, ':seen': { N: '1' } },
      }),
    );
  const outcomes = await Promise.allSettled([save('Ada'), save('Grace')]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const { Item } = await aws.dynamodb.send(
    new GetItemCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
  );
  expect(Item?.['version']).toEqual({ N: '2' });
});

test('a deletion gives back what it removed', async ({ aws, table }) => {
  const Item = { ...key, note: { S: 'gone soon' } };
  await aws.dynamodb.send(new PutItemCommand({ TableName: table.name, Item }));
  const deletion = new DeleteItemCommand({ TableName: table.name, Key: key, ReturnValues: 'ALL_OLD' });
  expect((await aws.dynamodb.send(deletion)).Attributes).toEqual(Item);
  expect((await aws.dynamodb.send(deletion)).Attributes).toBeUndefined();
});

test.describe('what DynamoDB refuses', () => {
  const refusals: { what: string; item: ConstructorParameters<typeof PutItemCommand>[0]['Item'] }[] = [
    { what: 'an item without its sort key', item: { pk: { S: 'order#1' } } },
    { what: 'a key of another type', item: { pk: { N: '1' }, sk: { S: 'details' } } },
    { what: 'an empty key', item: { pk: { S: '' }, sk: { S: 'details' } } },
    { what: 'an empty set', item: { ...key, words: { SS: [] } } },
    { what: 'a set with the same element twice', item: { ...key, words: { SS: ['a', 'a'] } } },
    { what: 'a number of 39 digits', item: { ...key, number: { N: '1'.repeat(39) } } },
    { what: 'an item of more than 400 KB', item: { ...key, text: { S: 'x'.repeat(400 * 1024) } } },
  ];
  for (const { what, item } of refusals) {
    test(`${what} is a ValidationException, and nothing is stored`, async ({ aws, table }) => {
      await expect(aws.dynamodb.send(new PutItemCommand({ TableName: table.name, Item: item }))).toBeAwsError(
        'ValidationException',
      );
      const got = await aws.dynamodb.send(new GetItemCommand({ TableName: table.name, Key: key }));
      expect(got.Item).toBeUndefined();
    });
  }

  test('a table that is not there is ResourceNotFoundException', async ({ aws, namespace }) => {
    const put = new PutItemCommand({ TableName: `${namespace}-never-made`, Item: key });
    await expect(aws.dynamodb.send(put)).toBeAwsError('ResourceNotFoundException');
  });
});
