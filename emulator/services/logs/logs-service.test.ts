import { expect, test } from '@playwright/test';
import { manualClock } from '../../clock.ts';
import type { RequestContext } from '../../service.ts';
import { createLogsService } from './index.ts';

const DAY = 86_400_000;
const context: RequestContext = {
  account: '000000000000',
  region: 'eu-west-1',
  requestId: 'request',
  caller: { accessKeyId: 'key', arn: 'arn:aws:iam::000000000000:root', userId: '000000000000' },
  request: { method: 'POST', path: '/', query: '', headers: {} },
};

function start() {
  const clock = manualClock();
  const { service, sink } = createLogsService({ clock, account: '000000000000' });
  const call = (operation: string, input: object, region = 'eu-west-1') => {
    const implementation = service.operations[operation];
    if (!implementation) throw new Error(`there is no operation ${operation}`);
    return implementation(service.state(region), input, { ...context, region }) as Record<string, unknown>;
  };
  const messages = (logStreamName: string) => {
    const output = call('GetLogEvents', { logGroupName: 'group', logStreamName, startFromHead: true });
    return (output['events'] as { message: string }[]).map((event) => event.message);
  };
  return { clock, service, sink, call, messages };
}

test('what a producer writes can be read at once, in its region only', () => {
  const { clock, sink, call, messages } = start();
  sink('eu-west-1').createGroup('group');
  const writer = sink('eu-west-1').openStream('group', 'stream');
  writer.write(clock.now(), 'one');
  writer.write(clock.now(), 'two');
  expect(messages('stream')).toEqual(['one', 'two']);
  expect(call('DescribeLogGroups', {}, 'us-east-1')).toEqual({ logGroups: [] });
});

test('a producer keeps the group and the stream that are there', () => {
  const { clock, sink, call, messages } = start();
  call('CreateLogGroup', { logGroupName: 'group', tags: { kept: 'yes' } });
  sink('eu-west-1').createGroup('group');
  sink('eu-west-1').openStream('group', 'stream').write(clock.now(), 'one');
  sink('eu-west-1').openStream('group', 'stream').write(clock.now(), 'two');
  expect(messages('stream')).toEqual(['one', 'two']);
  expect(call('ListTagsLogGroup', { logGroupName: 'group' })).toEqual({ tags: { kept: 'yes' } });
});

test('a producer cannot open a stream in a group that is missing', () => {
  const { sink } = start();
  expect(() => sink('eu-west-1').openStream('missing', 'stream')).toThrow(
    expect.objectContaining({ code: 'ResourceNotFoundException', message: 'The specified log group does not exist.' }),
  );
});

test('what is written to a deleted stream is lost, and harms nothing', () => {
  const { clock, sink, call } = start();
  sink('eu-west-1').createGroup('group');
  const writer = sink('eu-west-1').openStream('group', 'stream');
  call('DeleteLogGroup', { logGroupName: 'group' });
  writer.write(clock.now(), 'late');
  expect(call('DescribeLogGroups', {})).toEqual({ logGroups: [] });
});

test('events expire by the clock once retention is set, and readers go on behind them', () => {
  const { clock, sink, call, messages } = start();
  sink('eu-west-1').createGroup('group');
  const writer = sink('eu-west-1').openStream('group', 'stream');
  for (const day of [0, 1, 2, 3]) {
    writer.write(clock.now(), `day ${day}`);
    clock.advance(DAY);
  }
  const first = call('GetLogEvents', {
    logGroupName: 'group',
    logStreamName: 'stream',
    startFromHead: true,
    limit: 1,
  });
  expect(first['events']).toHaveLength(1);
  call('PutRetentionPolicy', { logGroupName: 'group', retentionInDays: 3 });
  expect(messages('stream')).toEqual(['day 1', 'day 2', 'day 3']);
  const next = call('GetLogEvents', {
    logGroupName: 'group',
    logStreamName: 'stream',
    nextToken: first['nextForwardToken'],
  });
  expect((next['events'] as { message: string }[])[0]?.message).toBe('day 1');
  clock.advance(3 * DAY + 1);
  expect(messages('stream')).toEqual([]);
  expect(call('DescribeLogGroups', {})).toMatchObject({ logGroups: [{ storedBytes: 0 }] });
});

test('a reset forgets every region', async () => {
  const { service, sink, call } = start();
  sink('eu-west-1').createGroup('one');
  sink('us-east-1').createGroup('two');
  await service.reset();
  expect(call('DescribeLogGroups', {})).toEqual({ logGroups: [] });
  expect(call('DescribeLogGroups', {}, 'us-east-1')).toEqual({ logGroups: [] });
});

test('a hundred thousand events cost no more than their pages', () => {
  const { clock, sink, call } = start();
  sink('eu-west-1').createGroup('group');
  const writer = sink('eu-west-1').openStream('group', 'stream');
  for (let index = 0; index < 100_000; index += 1) writer.write(clock.now() + index, `line ${index}`);
  let nextToken: unknown;
  const seen: string[] = [];
  for (let page = 0; page < 1000; page += 1) {
    const output = call('GetLogEvents', {
      logGroupName: 'group',
      logStreamName: 'stream',
      startFromHead: true,
      limit: 100,
      ...(page > 0 && { nextToken }),
    });
    nextToken = output['nextForwardToken'];
    seen.push(...(output['events'] as { message: string }[]).map((event) => event.message));
  }
  expect(seen).toHaveLength(100_000);
  expect(seen.at(-1)).toBe('line 99999');
});
