import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogStreamCommand,
  FilterLogEventsCommand,
  type FilterLogEventsRequest,
  paginateFilterLogEvents,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, test as base } from '../emulator-test.ts';

/** A group whose streams `a`, `b` and `other` hold events in turns; message `b3` is that of `b` at three seconds. */
const test = base.extend<{
  filter: (input?: FilterLogEventsRequest) => Promise<(string | undefined)[]>;
  /** The time of second 0. */
  start: number;
}>({
  start: async ({}, use) => use(Date.now() - 60_000),
  filter: async ({ logs, uniqueName: logGroupName, start }, use) => {
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    for (const [logStreamName, seconds] of [
      ['b', [1, 3, 4]],
      ['a', [0, 2, 4]],
      ['other', [5]],
    ] as const) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      const logEvents = seconds.map((second) => ({
        timestamp: start + second * 1000,
        message: `${logStreamName}${second}`,
      }));
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    }
    await use(async (input = {}) => {
      const messages: (string | undefined)[] = [];
      for await (const page of paginateFilterLogEvents({ client: logs }, { logGroupName, ...input })) {
        messages.push(...(page.events?.map((event) => event.message) ?? []));
      }
      return messages;
    });
  },
});

test('events of all streams come interleaved, those of one instant by arrival', async ({ filter }) => {
  expect(await filter()).toEqual(['a0', 'b1', 'a2', 'b3', 'b4', 'a4', 'other5']);
});

test('pages follow each other without loss or repetition, whatever their size', async ({ filter }) => {
  for (const limit of [1, 2, 3, 7]) {
    expect(await filter({ limit })).toEqual(['a0', 'b1', 'a2', 'b3', 'b4', 'a4', 'other5']);
  }
});

test('the newest come first when asked for, on pages of any size', async ({ filter }) => {
  const newestFirst = ['other5', 'a4', 'b4', 'b3', 'a2', 'b1', 'a0'];
  for (const limit of [1, 2, 3, 7]) {
    expect(await filter({ startFromHead: false, limit })).toEqual(newestFirst);
  }
  expect(await filter({ startFromHead: true })).toEqual(newestFirst.toReversed());
});

test('the newest of a range that match come first, both of its ends inclusive', async ({ filter, start }) => {
  const range = { startTime: start + 1000, endTime: start + 4000, startFromHead: false };
  expect(await filter({ ...range, limit: 2 })).toEqual(['a4', 'b4', 'b3', 'a2', 'b1']);
  expect(await filter({ ...range, limit: 1, filterPattern: 'b' })).toEqual(['b4', 'b3', 'b1']);
});

test('a token keeps its direction, whatever the next request asks for', async ({
  logs,
  filter,
  uniqueName: logGroupName,
}) => {
  expect(await filter()).toHaveLength(7);
  for (const [startFromHead, expected] of [
    [false, ['b4', 'b3']],
    [true, ['a2', 'b3']],
  ] as const) {
    const first = await logs.send(new FilterLogEventsCommand({ logGroupName, startFromHead, limit: 2 }));
    const { nextToken } = first;
    const otherWay = { logGroupName, startFromHead: !startFromHead, nextToken, limit: 2 };
    const second = await logs.send(new FilterLogEventsCommand(otherWay));
    expect(second.events?.map((event) => event.message)).toEqual(expected);
  }
});

test('the newest come first only from a time in or after 2024', async ({ filter }) => {
  const from = (startTime: number) => filter({ startFromHead: false, startTime });
  await expect(from(Date.UTC(2024, 0, 1) - 1)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  expect(await from(Date.UTC(2024, 0, 1))).toHaveLength(7);
  expect(await filter({ startTime: 0 })).toHaveLength(7);
});

test('an event tells its stream and an id of its own', async ({ logs, filter, uniqueName: logGroupName, start }) => {
  expect(await filter()).toHaveLength(7);
  const output = await logs.send(new FilterLogEventsCommand({ logGroupName }));
  expect(output.events?.[0]).toEqual({
    logStreamName: 'a',
    timestamp: start,
    message: 'a0',
    ingestionTime: expect.any(Number),
    eventId: expect.stringMatching(/^\d{56}$/),
  });
  expect(new Set(output.events?.map((event) => event.eventId)).size).toBe(7);
  expect(output.searchedLogStreams).toEqual([]);
  expect(output.nextToken).toBeUndefined();
});

test('a next token is given only when another match follows', async ({ logs, filter, uniqueName: logGroupName }) => {
  expect(await filter()).toHaveLength(7);
  const page = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: 'b', limit: 3 }));
  expect(page.events?.map((event) => event.message)).toEqual(['b1', 'b3', 'b4']);
  expect(page.nextToken).toBeUndefined();
});

test('both ends of a time range are inclusive', async ({ filter, start }) => {
  expect(await filter({ startTime: start + 1000, endTime: start + 3000 })).toEqual(['b1', 'a2', 'b3']);
});

test('streams are chosen by name or by prefix, not by both', async ({ logs, filter, uniqueName: logGroupName }) => {
  expect(await filter({ logStreamNames: ['a', 'other'] })).toEqual(['a0', 'a2', 'a4', 'other5']);
  expect(await filter({ logStreamNamePrefix: 'o' })).toEqual(['other5']);
  expect(await filter({ logStreamNamePrefix: 'none' })).toEqual([]);
  const both = new FilterLogEventsCommand({ logGroupName, logStreamNames: ['a'], logStreamNamePrefix: 'a' });
  await expect(logs.send(both)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(filter({ logStreamNames: ['missing'] })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log stream does not exist.',
  });
});

test('a pattern selects by content', async ({ filter }) => {
  expect(await filter({ filterPattern: '?a0 ?b4' })).toEqual(['a0', 'b4']);
  expect(await filter({ filterPattern: '-a -b' })).toEqual(['other5']);
  expect(await filter({ filterPattern: '%^[ab][0-3]$%', limit: 2 })).toEqual(['a0', 'b1', 'a2', 'b3']);
  expect(await filter({ filterPattern: '{ $.level = "error" }' })).toEqual([]);
});

test('a malformed pattern is refused', async ({ filter }) => {
  await expect(filter({ filterPattern: '?Status: timeout' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: "Invalid character(s) in term ':'",
  });
});

test('a token that was not given out is refused', async ({ logs, filter, uniqueName: logGroupName }) => {
  expect(await filter()).toHaveLength(7);
  await expect(
    logs.send(new FilterLogEventsCommand({ logGroupName, nextToken: 'invalid-token' })),
  ).rejects.toMatchObject({ name: 'InvalidParameterException', message: 'The specified nextToken is invalid.' });
});

test('a token stays good when its stream is deleted', async ({ logs, filter, uniqueName: logGroupName }) => {
  expect(await filter()).toHaveLength(7);
  const { nextToken } = await logs.send(new FilterLogEventsCommand({ logGroupName, limit: 4 }));
  await logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: 'b' }));
  const rest = await logs.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
  expect(rest.events?.map((event) => event.message)).toEqual(['a4', 'other5']);
});
