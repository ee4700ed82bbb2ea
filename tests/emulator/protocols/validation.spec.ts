import { BatchClient, DescribeJobsCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ECSClient, RegisterTaskDefinitionCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test, type StubGateway } from './stub-gateway.ts';

interface Sender {
  send(command: unknown): Promise<unknown>;
  destroy(): void;
}

type ClientOf = new (connection: StubGateway['connection']) => Sender;

/** Calls with input that the type checker would refuse, and gives the error back. */
async function refusal(stub: StubGateway, Client: unknown, command: unknown): Promise<unknown> {
  const client = new (Client as ClientOf)(stub.connection);
  const error = await client.send(command).catch((caught: unknown) => caught);
  client.destroy();
  return error;
}

/** Input as a caller without types would send it. */
const untyped = (input: Readonly<Record<string, unknown>>): never => input as never;

test.beforeEach(({ stub }) => {
  for (const [service, operation] of [
    ['ecs', 'RunTask'],
    ['ecs', 'RegisterTaskDefinition'],
    ['logs', 'CreateLogGroup'],
    ['logs', 'PutRetentionPolicy'],
    ['dynamodb', 'GetItem'],
    ['dynamodb', 'CreateTable'],
    ['dynamodb', 'Scan'],
    ['batch', 'SubmitJob'],
    ['batch', 'DescribeJobs'],
    ['sts', 'AssumeRole'],
  ] as const) {
    stub.on(service, operation, () => ({}));
  }
});

test.afterEach(({ stub }) => {
  expect(stub.inputs, 'no operation ran').toEqual([]);
});

test('CloudWatch Logs names every constraint that a value breaks, the pattern first', async ({ stub }) => {
  expect(await refusal(stub, CloudWatchLogsClient, new CreateLogGroupCommand({ logGroupName: '' }))).toMatchObject({
    name: 'InvalidParameterException',
    message:
      "2 validation errors detected: Value '' at 'logGroupName' failed to satisfy constraint: Member must satisfy " +
      String.raw`regular expression pattern: [\.\-_/#A-Za-z0-9]+; ` +
      "Value '' at 'logGroupName' failed to satisfy constraint: Member must have length greater than or equal to 1",
  });
  expect(
    await refusal(stub, CloudWatchLogsClient, new PutRetentionPolicyCommand(untyped({ logGroupName: 'a' }))),
  ).toMatchObject({
    message:
      "1 validation error detected: Value null at 'retentionInDays' failed to satisfy constraint: Member must not be null",
  });
});

test('DynamoDB writes members in lower camel case and numbers the elements of lists', async ({ stub }) => {
  expect(await refusal(stub, DynamoDBClient, new GetItemCommand(untyped({ TableName: '' })))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(
      /^2 validation errors detected: Value '' at 'tableName' .*; Value null at 'key' .*Member must not be null/,
    ),
  });
  const table = {
    TableName: 'tests',
    KeySchema: [
      { AttributeName: 'a', KeyType: 'HASH' },
      { AttributeName: 'b', KeyType: 'SIDEWAYS' },
    ],
    AttributeDefinitions: [],
  };
  expect(await refusal(stub, DynamoDBClient, new CreateTableCommand(untyped(table)))).toMatchObject({
    message:
      "1 validation error detected: Value 'SIDEWAYS' at 'keySchema.2.member.keyType' failed to satisfy constraint: " +
      'Member must satisfy enum value set: [HASH, RANGE]',
  });
  expect(await refusal(stub, DynamoDBClient, new ScanCommand({ TableName: 'tests', Limit: 0 }))).toMatchObject({
    message:
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: " +
      'Member must have value greater than or equal to 1',
  });
});

test('ECS says what is blank, and calls it a ClientException for a task definition', async ({ stub }) => {
  expect(await refusal(stub, ECSClient, new RunTaskCommand(untyped({})))).toMatchObject({
    name: 'InvalidParameterException',
    message: 'TaskDefinition can not be blank.',
  });
  expect(
    await refusal(stub, ECSClient, new RegisterTaskDefinitionCommand(untyped({ containerDefinitions: [] }))),
  ).toMatchObject({ name: 'ClientException', message: 'Family can not be blank.' });
});

test('Batch has one error for all of it', async ({ stub }) => {
  expect(await refusal(stub, BatchClient, new DescribeJobsCommand(untyped({})))).toMatchObject({
    name: 'ClientException',
    message:
      'Error executing request, Exception : 1 validation error detected: ' +
      "Value null at 'jobs' failed to satisfy constraint: Member must not be null",
    $metadata: { httpStatusCode: 400 },
  });
  const job = { jobName: 'a', jobQueue: 'q', jobDefinition: 'd', arrayProperties: { size: 'three' } };
  expect(await refusal(stub, BatchClient, new SubmitJobCommand(untyped(job)))).toMatchObject({
    name: 'SerializationException',
    message: 'STRING_VALUE can not be converted to an Integer',
  });
});

test('STS answers a ValidationError of the sender', async ({ stub }) => {
  const role = { RoleArn: 'short', RoleSessionName: 'a', DurationSeconds: 1 };
  expect(await refusal(stub, STSClient, new AssumeRoleCommand(role))).toMatchObject({
    name: 'ValidationError',
    Type: 'Sender',
    message:
      "3 validation errors detected: Value 'short' at 'roleArn' failed to satisfy constraint: Member must have length " +
      "greater than or equal to 20; Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have " +
      "length greater than or equal to 2; Value '1' at 'durationSeconds' failed to satisfy constraint: Member must " +
      'have value greater than or equal to 900',
  });
});
