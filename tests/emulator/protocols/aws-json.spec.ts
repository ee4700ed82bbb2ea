import { DescribeTasksCommand, ECSClient } from '@aws-sdk/client-ecs';
import { AwsError } from '../../../emulator/service.ts';
import { expect, test, type RawRequest } from './stub-gateway.ts';

/** A call of ECS as an SDK sends it. */
function ecsCall(operation: string, body: string | Buffer, headers: Record<string, string> = {}): RawRequest {
  return {
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
      ...headers,
    },
    body,
  };
}

function dynamodbCall(operation: string, body: string): RawRequest {
  return {
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
    body,
  };
}

test('an answer has the content type of its protocol version and the request id in its header', async ({ stub }) => {
  stub.on('ecs', 'ListClusters', () => ({ clusterArns: [] }));
  stub.on('dynamodb', 'ListTables', () => ({ TableNames: [] }));

  const ecs = await stub.send(ecsCall('ListClusters', '{}'));
  const dynamodb = await stub.send(dynamodbCall('ListTables', '{}'));

  expect(ecs).toMatchObject({ status: 200, body: '{"clusterArns":[]}' });
  expect(ecs.headers['content-type']).toBe('application/x-amz-json-1.1');
  expect(ecs.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  expect(dynamodb.headers['content-type']).toBe('application/x-amz-json-1.0');
});

test('timestamps are seconds with milliseconds as their fraction', async ({ stub }) => {
  const startedAt = new Date('2026-11-21T09:30:00.250Z');
  stub.on('ecs', 'DescribeTasks', () => ({ tasks: [{ startedAt }] }));

  const { body } = await stub.send(ecsCall('DescribeTasks', '{"tasks":["a"]}'));
  const client = new ECSClient(stub.connection);
  const { tasks } = await client.send(new DescribeTasksCommand({ tasks: ['a'] }));
  client.destroy();

  expect(body).toBe('{"tasks":[{"startedAt":1795253400.25}]}');
  expect(tasks?.[0]?.startedAt).toEqual(startedAt);
});

test('members that the API does not have are left out, in the input and in the output', async ({ stub }) => {
  stub.on('ecs', 'DescribeClusters', () => ({ clusters: [{ clusterName: 'a', secret: 1 }], other: true }));

  const { body } = await stub.send(ecsCall('DescribeClusters', '{"clusters":["a"],"nonsense":{"a":[1]},"__type":"x"}'));

  expect(stub.inputs).toEqual([{ clusters: ['a'] }]);
  expect(body).toBe('{"clusters":[{"clusterName":"a"}]}');
});

test('null members are absent, empty ones are not', async ({ stub }) => {
  stub.on('ecs', 'RunTask', () => ({}));

  await stub.send(
    ecsCall(
      'RunTask',
      '{"taskDefinition":"a","cluster":null,"tags":[],"overrides":{"containerOverrides":[null]},"group":""}',
    ),
  );

  expect(stub.inputs).toEqual([{ taskDefinition: 'a', tags: [], overrides: { containerOverrides: [] }, group: '' }]);
});

test('an empty body is an empty input', async ({ stub }) => {
  stub.on('ecs', 'ListClusters', () => ({}));
  await stub.send(ecsCall('ListClusters', ''));
  expect(stub.inputs).toEqual([{}]);
});

test('a body that is no JSON object is a SerializationException without a message', async ({ stub }) => {
  stub.on('ecs', 'ListClusters', () => ({}));
  for (const body of ['{', 'null', '"x"', '{"maxResults":1,}', '\u0000']) {
    const answer = await stub.send(ecsCall('ListClusters', body));
    expect(answer, body).toMatchObject({ status: 400, body: '{"__type":"SerializationException"}' });
  }
  expect(stub.inputs).toEqual([]);
});

test('values of the wrong type are refused in the words of each service', async ({ stub }) => {
  stub.on('ecs', 'RunTask', () => ({}));
  stub.on('logs', 'DescribeLogGroups', () => ({}));
  stub.on('dynamodb', 'GetItem', () => ({}));

  const ecs = await stub.send(ecsCall('RunTask', '{"taskDefinition":"a","count":"1"}'));
  const list = await stub.send(ecsCall('RunTask', '[{"taskDefinition":"a"}]'));
  const logs = await stub.send({
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.DescribeLogGroups' },
    body: '{"limit":"1"}',
  });
  const dynamodb = await stub.send(dynamodbCall('GetItem', '{"TableName":"abc","Key":{"a":"b"}}'));

  expect(JSON.parse(ecs.body)).toEqual({
    __type: 'SerializationException',
    Message: 'STRING_VALUE cannot be converted to Integer',
  });
  expect(JSON.parse(list.body)).toMatchObject({
    Message: 'Unrecognized collection type class com.amazonaws.madison.frontend.RunTaskRequest',
  });
  expect(JSON.parse(logs.body)).toEqual({
    __type: 'SerializationException',
    Message: 'STRING_VALUE can not be converted to an Integer',
  });
  expect(JSON.parse(dynamodb.body)).toEqual({
    __type: 'com.amazon.coral.service#SerializationException',
    Message: 'Unexpected value type in payload',
  });
});

test('nesting without end is refused, not followed', async ({ stub }) => {
  stub.on('dynamodb', 'PutItem', () => ({}));
  const depth = 50_000;
  const item = `${'{"L":['.repeat(depth)}{"S":"x"}${']}'.repeat(depth)}`;

  const answer = await stub.send(dynamodbCall('PutItem', `{"TableName":"abc","Item":{"a":${item}}}`));

  expect(answer.status).toBe(400);
  expect(answer.body).toContain('SerializationException');
  expect(stub.inputs).toEqual([]);
});

test('a blob must be base64', async ({ stub }) => {
  stub.on('dynamodb', 'PutItem', () => ({}));
  const answer = await stub.send(dynamodbCall('PutItem', '{"TableName":"abc","Item":{"a":{"B":"abc"}}}'));
  expect(JSON.parse(answer.body)).toMatchObject({
    Message: 'Base64 encoded length is expected a multiple of 4 bytes but found: 3',
  });
});

test('an error has its type as the service writes it', async ({ stub }) => {
  stub.on('ecs', 'ListClusters', () => {
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  });
  stub.on('dynamodb', 'ListTables', () => {
    throw new AwsError('ResourceNotFoundException', 'no such table');
  });

  const ecs = await stub.send(ecsCall('ListClusters', '{}'));
  const dynamodb = await stub.send(dynamodbCall('ListTables', '{}'));

  expect(ecs).toMatchObject({
    status: 400,
    body: '{"__type":"ClusterNotFoundException","message":"Cluster not found."}',
  });
  expect(JSON.parse(dynamodb.body)).toEqual({
    __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
    message: 'no such table',
  });
});

test('a call with another content type is no call of any operation', async ({ stub }) => {
  stub.on('ecs', 'ListClusters', () => ({}));
  const form = await stub.send(ecsCall('ListClusters', '{}', { 'content-type': 'text/plain' }));
  const charset = await stub.send(ecsCall('ListClusters', '{}', { 'content-type': 'application/json; charset=utf-8' }));

  expect(form.status).toBe(404);
  expect(JSON.parse(form.body)).toMatchObject({ __type: 'UnknownOperationException' });
  expect(charset.status).toBe(200);
  expect(stub.inputs).toHaveLength(1);
});

test('an operation that is not there is refused by name', async ({ stub }) => {
  const unknown = await stub.send(ecsCall('MakeCoffee', '{}'));
  const unimplemented = await stub.send(ecsCall('DiscoverPollEndpoint', '{}'));

  expect(unknown.status).toBe(404);
  expect(unimplemented.status).toBe(501);
  for (const [answer, name] of [
    [unknown, 'MakeCoffee'],
    [unimplemented, 'DiscoverPollEndpoint'],
  ] as const) {
    expect(JSON.parse(answer.body)).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining(name),
    });
  }
});
