import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  GetLogEventsCommand,
  type GetLogEventsRequest,
  type InputLogEvent,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, test as base } from '../emulator-test.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A stream of the test's own, and short ways to write to it and read from it. */
const test = base.extend<{ stream: ReturnType<typeof streamIn> }>({
  stream: async ({ logs, uniqueName: logGroupName }, use) => {
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'stream' }));
    await use(streamIn(logs, logGroupName));
  },
});

function streamIn(logs: CloudWatchLogsClient, logGroupName: string) {
  const names = { logGroupName, logStreamName: 'stream' };
  return {
    logGroupName,
    put: (logEvents: InputLogEvent[]) => logs.send(new PutLogEventsCommand({ ...names, logEvents })),
    async get(input: Omit<GetLogEventsRequest, 'logStreamName'> = {}) {
      const output = await logs.send(new GetLogEventsCommand({ ...names, ...input }));
      return { ...output, messages: output.events?.map((event) => event.message) };
    },
  };
}

/** `count` events, a second apart, the last of them just now; their messages are their numbers. */
function numbered(count: number): InputLogEvent[] {
  const start = Date.now() - count * 1000;
  return Array.from({ length: count }, (_, index) => ({ timestamp: start + index * 1000, message: String(index) }));
}

test('events are read back as they were written, with the time of their ingestion', async ({ stream }) => {
  const timestamp = Date.now();
  const put = await stream.put([
    { timestamp, message: '🙀 - 参よ - 日本語' },
    { timestamp: timestamp + 1, message: '  two\nlines\r\n ' },
  ]);
  expect(put.nextSequenceToken).toMatch(/^\d{56}$/);
  expect(put.rejectedLogEventsInfo).toBeUndefined();
  const { events } = await stream.get();
  expect(events).toEqual([
    { timestamp, message: '🙀 - 参よ - 日本語', ingestionTime: expect.any(Number) },
    { timestamp: timestamp + 1, message: '  two\nlines\r\n ', ingestionTime: expect.any(Number) },
  ]);
  expect(events?.[0]?.ingestionTime).toBeGreaterThanOrEqual(timestamp);
});

test('events of several requests are kept in the order of their time, then of arrival', async ({ stream }) => {
  const now = Date.now();
  await stream.put([{ timestamp: now, message: 'c' }]);
  await stream.put([
    { timestamp: now - 10, message: 'a' },
    { timestamp: now, message: 'd' },
  ]);
  await stream.put([{ timestamp: now - 5, message: 'b' }]);
  expect((await stream.get({ startFromHead: true })).messages).toEqual(['a', 'b', 'c', 'd']);
});

test.describe('reading page by page', () => {
  test('from the head to the end and back', async ({ stream }) => {
    await stream.put(numbered(5));
    const first = await stream.get({ startFromHead: true, limit: 2 });
    expect(first.messages).toEqual(['0', '1']);
    const second = await stream.get({ startFromHead: true, limit: 2, nextToken: first.nextForwardToken });
    expect(second.messages).toEqual(['2', '3']);
    const third = await stream.get({ startFromHead: true, limit: 2, nextToken: second.nextForwardToken });
    expect(third.messages).toEqual(['4']);
    const back = await stream.get({ limit: 2, nextToken: third.nextBackwardToken });
    expect(back.messages).toEqual(['2', '3']);
  });

  test('the latest come first by default, each page in ascending order', async ({ stream }) => {
    await stream.put(numbered(5));
    const first = await stream.get({ limit: 2 });
    expect(first.messages).toEqual(['3', '4']);
    const second = await stream.get({ limit: 2, nextToken: first.nextBackwardToken });
    expect(second.messages).toEqual(['1', '2']);
  });

  test('at either end the same token comes back, and the forward one finds what is written later', async ({
    stream,
  }) => {
    const events = numbered(3);
    await stream.put(events.slice(0, 2));
    const all = await stream.get({ startFromHead: true });
    const end = await stream.get({ startFromHead: true, nextToken: all.nextForwardToken });
    expect(end.messages).toEqual([]);
    expect(end.nextForwardToken).toBe(all.nextForwardToken);
    const head = await stream.get({ nextToken: all.nextBackwardToken });
    expect(head.messages).toEqual([]);
    expect(head.nextBackwardToken).toBe(all.nextBackwardToken);
    await stream.put(events.slice(2));
    expect((await stream.get({ startFromHead: true, nextToken: end.nextForwardToken })).messages).toEqual(['2']);
  });

  test('a reader that begins before the first event misses none', async ({ stream }) => {
    const empty = await stream.get({ startFromHead: true });
    expect(empty.messages).toEqual([]);
    await stream.put(numbered(2));
    const next = await stream.get({ startFromHead: true, nextToken: empty.nextForwardToken });
    expect(next.messages).toEqual(['0', '1']);
  });

  test('a page holds no more than a megabyte', async ({ stream }) => {
    const timestamp = Date.now();
    const big = 'x'.repeat(400_000);
    for (const index of [0, 1, 2, 3]) await stream.put([{ timestamp: timestamp + index, message: `${index}${big}` }]);
    const numbers = (messages: (string | undefined)[] | undefined) => messages?.map((message) => message?.slice(0, 1));
    const first = await stream.get({ startFromHead: true });
    expect(numbers(first.messages)).toEqual(['0', '1']);
    const second = await stream.get({ startFromHead: true, nextToken: first.nextForwardToken });
    expect(numbers(second.messages)).toEqual(['2', '3']);
    expect(numbers((await stream.get()).messages)).toEqual(['2', '3']);
  });

  test('a token that was not given out is refused', async ({ stream }) => {
    for (const nextToken of ['invalid-token', 'n/00000000000000000000000000000000000000000000000000000000']) {
      await expect(stream.get({ nextToken })).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: 'The specified nextToken is invalid.',
      });
    }
  });
});

test('the start of a time range is inclusive, its end is not', async ({ stream }) => {
  const events = numbered(5);
  await stream.put(events);
  const [startTime, endTime] = [events[1]?.timestamp, events[3]?.timestamp];
  expect((await stream.get({ startTime, endTime })).messages).toEqual(['1', '2']);
  expect((await stream.get({ startTime, endTime, limit: 1 })).messages).toEqual(['2']);
  expect((await stream.get({ startTime, limit: 1, startFromHead: true })).messages).toEqual(['1']);
});

test('a limit beyond ten thousand is refused', async ({ stream }) => {
  await expect(stream.get({ limit: 10_001 })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message:
      "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
  });
});

test('a missing group and a missing stream are told apart', async ({ logs, stream }) => {
  const { logGroupName } = stream;
  await expect(
    logs.send(new GetLogEventsCommand({ logGroupName: `${logGroupName}-missing`, logStreamName: 'a' })),
  ).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
  await expect(
    logs.send(
      new PutLogEventsCommand({ logGroupName, logStreamName: 'missing', logEvents: [{ timestamp: 0, message: 'a' }] }),
    ),
  ).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log stream does not exist.',
  });
});

test.describe('a batch', () => {
  test('out of chronological order is refused as a whole', async ({ stream }) => {
    const now = Date.now();
    await expect(
      stream.put([
        { timestamp: now, message: 'late' },
        { timestamp: now - 1, message: 'early' },
      ]),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Log events in a single PutLogEvents request must be in chronological order.',
    });
    expect((await stream.get()).messages).toEqual([]);
  });

  test('that spans more than a day is refused', async ({ stream }) => {
    const now = Date.now();
    await expect(
      stream.put([
        { timestamp: now - DAY - 1, message: 'a' },
        { timestamp: now, message: 'b' },
      ]),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    });
  });

  test('loses the events that are too old or too new, and keeps the others', async ({ stream }) => {
    const now = Date.now();
    const { rejectedLogEventsInfo } = await stream.put([
      { timestamp: now - 30 * DAY, message: 'ancient' },
      { timestamp: now - 15 * DAY, message: 'too old' },
      { timestamp: now, message: 'now' },
      { timestamp: now + HOUR, message: 'soon' },
      { timestamp: now + 3 * HOUR, message: 'too new' },
    ]);
    expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 2, tooNewLogEventStartIndex: 4 });
    expect((await stream.get()).messages).toEqual(['now', 'soon']);
  });

  test('loses the events that the group’s retention would not keep', async ({ logs, stream }) => {
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: stream.logGroupName, retentionInDays: 3 }));
    const now = Date.now();
    const { rejectedLogEventsInfo } = await stream.put([
      { timestamp: now - 5 * DAY, message: 'expired' },
      { timestamp: now, message: 'now' },
    ]);
    expect(rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    expect((await stream.get()).messages).toEqual(['now']);
  });

  test('is no larger than 1,048,576 bytes, 26 for each event included', async ({ logs, stream }) => {
    const timestamp = Date.now();
    const half = 'x'.repeat(1_048_576 / 2 - 26);
    await stream.put([
      { timestamp, message: half },
      { timestamp, message: half },
    ]);
    await expect(
      stream.put([
        { timestamp, message: half },
        { timestamp, message: `${half}x` },
      ]),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Upload too large: 1048577 bytes exceeds limit of 1048576',
    });
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: stream.logGroupName }));
    expect(logGroups?.[0]?.storedBytes).toBe(1_048_576);
  });

  test('has at least one event, and no empty message', async ({ stream }) => {
    for (const logEvents of [[], [{ timestamp: Date.now(), message: '' }]]) {
      await expect(stream.put(logEvents)).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringContaining('Member must have length greater than or equal to 1'),
      });
    }
  });
});

test('shortening the retention makes old events unreadable', async ({ logs, stream }) => {
  const now = Date.now();
  await stream.put([{ timestamp: now - 2 * DAY, message: 'old' }]);
  await stream.put([{ timestamp: now, message: 'new' }]);
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: stream.logGroupName, retentionInDays: 1 }));
  expect((await stream.get({ startFromHead: true })).messages).toEqual(['new']);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: stream.logGroupName }));
  expect(logGroups?.[0]?.storedBytes).toBe(3 + 26);
});
