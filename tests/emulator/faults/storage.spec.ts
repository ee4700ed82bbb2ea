import {
  BatchGetItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { clientConfig, expect, failureOf, test as base } from './fault-test.ts';

const test = base.extend<{ s3: S3Client; dynamodb: DynamoDBClient }>({
  s3: async ({ own }, use) => {
    const client = new S3Client({ ...clientConfig(own), forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'stored' }));
    await use(client);
    client.destroy();
  },
  dynamodb: async ({ own }, use) => {
    const client = new DynamoDBClient(clientConfig(own));
    await client.send(
      new CreateTableCommand({
        TableName: 'items',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
    await use(client);
    client.destroy();
  },
});

const Bucket = 'stored';

test('a put that S3 throttles is not there, however large it is', async ({ s3, inject }) => {
  inject({ service: 's3', operation: 'PutObject', times: 2, fault: { kind: 'throttling' } });

  for (const size of [10, 5_000_000]) {
    const put = s3.send(new PutObjectCommand({ Bucket, Key: `of-${size}`, Body: Buffer.alloc(size) }));
    expect(await failureOf(put)).toMatchObject({
      name: 'SlowDown',
      message: 'Please reduce your request rate.',
      $metadata: { httpStatusCode: 503 },
    });
  }

  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
});

test('a copy that fails with status 200 is an error to the SDK, and there is no copy', async ({ own, s3, inject }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'from', Body: 'content' }));
  inject({ service: 's3', times: 1, fault: { kind: 'error-in-200' } });

  // Not an operation that can fail like this, so it takes no turn.
  await s3.send(new HeadObjectCommand({ Bucket, Key: 'from' }));
  const error = await failureOf(s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/from` })));

  expect(error).toMatchObject({
    name: 'InternalError',
    message: 'We encountered an internal error. Please try again.',
  });
  expect(own.trace.calls().at(-1)).toMatchObject({ status: 200, errorCode: 'InternalError', fault: { id: 'fault-1' } });
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key)).toEqual(['from']);
});

test('of a streamed object half comes, and the reader is told', async ({ s3, inject }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body: Buffer.alloc(3_000_000, 'a') }));
  inject({ service: 's3', operation: 'GetObject', times: 1, fault: { kind: 'truncated-body' } });

  const { Body, ContentLength } = await s3.send(new GetObjectCommand({ Bucket, Key: 'large' }));

  expect(ContentLength).toBe(3_000_000);
  let came = 0;
  const reading = (async () => {
    for await (const chunk of Body as AsyncIterable<Buffer>) came += chunk.length;
  })();
  await expect(reading).rejects.toThrow();
  expect(came).toBeLessThanOrEqual(1_500_000);
  expect(
    await (await s3.send(new GetObjectCommand({ Bucket, Key: 'large' }))).Body?.transformToByteArray(),
  ).toHaveLength(3_000_000);
});

test('a put whose answer is lost is there', async ({ s3, inject }) => {
  inject({ service: 's3', operation: 'PutObject', times: 1, fault: { kind: 'connection-reset', when: 'after' } });

  await failureOf(s3.send(new PutObjectCommand({ Bucket, Key: 'lost', Body: 'x' })));

  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'lost' }))).ContentLength).toBe(1);
});

test('an answer to HEAD has no body to truncate, so its connection is cut', async ({ s3, inject }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
  inject({ service: 's3', operation: 'HeadObject', times: 1, fault: { kind: 'truncated-body' } });
  expect((await failureOf(s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))))['code']).toBe('ECONNRESET');
});

test('DynamoDB throttles writes by their capacity, with any of its codes, and writes nothing', async ({
  dynamodb,
  inject,
}) => {
  const put = (id: string) => dynamodb.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: id } } }));
  for (const code of [undefined, 'ThrottlingException', 'RequestLimitExceeded']) {
    inject({
      service: 'dynamodb',
      operation: 'PutItem',
      times: 1,
      fault: { kind: 'throttling', ...(code && { code }) },
    });
    expect((await failureOf(put('a'))).name).toBe(code ?? 'ProvisionedThroughputExceededException');
  }
  expect((await dynamodb.send(new ScanCommand({ TableName: 'items' }))).Count).toBe(0);
  await put('a');
});

test("an SDK client's own attempts get a write through, once", async ({ own, dynamodb, inject }) => {
  const { maxAttempts: _one, ...connection } = clientConfig(own);
  const client = new DynamoDBClient(connection);
  inject({ service: 'dynamodb', operation: 'PutItem', times: 1, fault: { kind: 'connection-reset', when: 'after' } });

  const { $metadata } = await client.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: 'once' } } }));
  client.destroy();

  expect($metadata.attempts).toBe(2);
  expect((await dynamodb.send(new ScanCommand({ TableName: 'items' }))).Count).toBe(1);
});

test('a truncated answer of DynamoDB is an error, not a shorter one', async ({ dynamodb, inject }) => {
  await dynamodb.send(
    new PutItemCommand({ TableName: 'items', Item: { id: { S: 'a' }, text: { S: 'x'.repeat(1000) } } }),
  );
  inject({ service: 'dynamodb', times: 1, fault: { kind: 'truncated-body' } });
  const get = new BatchGetItemCommand({ RequestItems: { items: { Keys: [{ id: { S: 'a' } }] } } });
  await failureOf(dynamodb.send(get));
  expect((await dynamodb.send(get)).Responses?.['items']).toHaveLength(1);
});
