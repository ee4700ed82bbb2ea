import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  type DescribeLogStreamsRequest,
  paginateDescribeLogStreams,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from '../emulator-test.ts';

async function createGroup(logs: CloudWatchLogsClient, logGroupName: string, streams: readonly string[]) {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams) await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
}

async function streamNames(logs: CloudWatchLogsClient, input: DescribeLogStreamsRequest) {
  const names: (string | undefined)[] = [];
  for await (const page of paginateDescribeLogStreams({ client: logs }, input)) {
    names.push(...(page.logStreams?.map((stream) => stream.logStreamName) ?? []));
  }
  return names;
}

test('an empty stream has a name, an ARN and a creation time, and no events', async ({
  logs,
  emulator,
  uniqueName: logGroupName,
}) => {
  await createGroup(logs, logGroupName, ['prefix/web/1']);
  const { logStreams, nextToken } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
  expect(nextToken).toBeUndefined();
  expect(logStreams).toEqual([
    {
      arn: `arn:aws:logs:${emulator.region}:${emulator.account}:log-group:${logGroupName}:log-stream:prefix/web/1`,
      creationTime: expect.any(Number),
      logStreamName: 'prefix/web/1',
      storedBytes: 0,
    },
  ]);
});

test('a stream with events tells of the first, the last and the ingestion', async ({
  logs,
  uniqueName: logGroupName,
}) => {
  await createGroup(logs, logGroupName, ['one']);
  const now = Date.now();
  const put = await logs.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName: 'one',
      logEvents: [
        { timestamp: now - 5000, message: 'a' },
        { timestamp: now - 1000, message: 'b' },
      ],
    }),
  );
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
  expect(logStreams?.[0]).toMatchObject({
    firstEventTimestamp: now - 5000,
    lastEventTimestamp: now - 1000,
    lastIngestionTime: expect.any(Number),
    uploadSequenceToken: put.nextSequenceToken,
    storedBytes: 0,
  });
});

test('streams are ordered by name, up and down', async ({ logs, uniqueName: logGroupName }) => {
  await createGroup(logs, logGroupName, ['b', 'c', 'a']);
  expect(await streamNames(logs, { logGroupName })).toEqual(['a', 'b', 'c']);
  expect(await streamNames(logs, { logGroupName, descending: true, limit: 2 })).toEqual(['c', 'b', 'a']);
});

test('streams are ordered by their last event', async ({ logs, uniqueName: logGroupName }) => {
  await createGroup(logs, logGroupName, ['a', 'b', 'c', 'empty']);
  const now = Date.now();
  for (const [logStreamName, age] of [
    ['a', 2000],
    ['b', 3000],
    ['c', 1000],
  ] as const) {
    const logEvents = [{ timestamp: now - age, message: 'm' }];
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  }
  const newestFirst = { logGroupName, orderBy: 'LastEventTime', descending: true } as const;
  expect(await streamNames(logs, newestFirst)).toEqual(['c', 'a', 'b', 'empty']);
  expect(await streamNames(logs, { ...newestFirst, limit: 1 })).toEqual(['c', 'a', 'b', 'empty']);
  expect(await streamNames(logs, { logGroupName, orderBy: 'LastEventTime', limit: 3 })).toEqual([
    'empty',
    'b',
    'a',
    'c',
  ]);
});

test('streams are found by prefix, which excludes the order by time', async ({ logs, uniqueName: logGroupName }) => {
  await createGroup(logs, logGroupName, ['web/1', 'web/2', 'worker/1']);
  expect(await streamNames(logs, { logGroupName, logStreamNamePrefix: 'web/' })).toEqual(['web/1', 'web/2']);
  const command = new DescribeLogStreamsCommand({
    logGroupName,
    logStreamNamePrefix: 'web/',
    orderBy: 'LastEventTime',
  });
  await expect(logs.send(command)).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Cannot order by LastEventTime with a logStreamNamePrefix.',
  });
});

test('a group is identified by its name or its ARN, not by both members at once', async ({
  logs,
  emulator,
  uniqueName,
}) => {
  await createGroup(logs, uniqueName, ['a']);
  const arn = `arn:aws:logs:${emulator.region}:${emulator.account}:log-group:${uniqueName}`;
  expect(await streamNames(logs, { logGroupIdentifier: uniqueName })).toEqual(['a']);
  expect(await streamNames(logs, { logGroupIdentifier: arn })).toEqual(['a']);
  await expect(
    logs.send(new DescribeLogStreamsCommand({ logGroupName: uniqueName, logGroupIdentifier: arn })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
  });
});

test('an identifier is the ARN without the asterisk, and no message shows it', async ({ logs, uniqueName }) => {
  await createGroup(logs, uniqueName, ['a']);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: uniqueName }));
  const logGroupIdentifier = logGroups?.[0]?.arn;
  expect(logGroupIdentifier).toMatch(/:\*$/);
  await expect(logs.send(new DescribeLogStreamsCommand({ logGroupIdentifier }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: String.raw`1 validation error detected: Value at 'logGroupIdentifier' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w#+=/:,.@-]*`,
  });
});

test('a second stream of the same name, and one in a missing group, are refused', async ({ logs, uniqueName }) => {
  await createGroup(logs, uniqueName, ['a']);
  await expect(
    logs.send(new CreateLogStreamCommand({ logGroupName: uniqueName, logStreamName: 'a' })),
  ).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
    message: 'The specified log stream already exists',
  });
  await expect(
    logs.send(new CreateLogStreamCommand({ logGroupName: `${uniqueName}-missing`, logStreamName: 'a' })),
  ).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
});

test('a deleted stream is gone', async ({ logs, uniqueName: logGroupName }) => {
  await createGroup(logs, logGroupName, ['a', 'b']);
  await logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: 'a' }));
  expect(await streamNames(logs, { logGroupName })).toEqual(['b']);
  await expect(logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: 'a' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log stream does not exist.',
  });
});

test('a token that was not given out is refused', async ({ logs, uniqueName: logGroupName }) => {
  await createGroup(logs, logGroupName, ['a']);
  await expect(
    logs.send(new DescribeLogStreamsCommand({ logGroupName, nextToken: 'invalid-token' })),
  ).rejects.toMatchObject({ name: 'InvalidParameterException', message: 'The specified nextToken is invalid.' });
});
