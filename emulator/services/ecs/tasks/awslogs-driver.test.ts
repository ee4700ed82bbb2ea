import { expect, test } from '@playwright/test';
import { manualClock } from '../../../clock.ts';
import { AwsError } from '../../../service.ts';
import { type AwslogsDriver, openAwslogs } from './awslogs-driver.ts';
import { MAXIMUM_EVENT_BYTES } from './awslogs-events.ts';
import { dockerLogError, fargateLogError, LogDriverError } from './log-driver-error.ts';

/** A sink that remembers what was written, in one group that exists, by stream. */
function recordingSink(existing: string) {
  const groups = new Set([existing]);
  const written: { stream: string; timestamp: number; message: string }[] = [];
  return {
    groups,
    written,
    messages: () => written.map((event) => event.message),
    sink: {
      createGroup: (group: string) => void groups.add(group),
      openStream(group: string, stream: string) {
        if (!groups.has(group)) {
          throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
        }
        return {
          write: (timestamp: number, message: string) => void written.push({ stream, timestamp, message }),
        };
      },
    },
  };
}

function open(options: Record<string, string> = {}, clock = manualClock()) {
  const recorded = recordingSink('/app');
  const regions: string[] = [];
  const driver = openAwslogs(
    { logDriver: 'awslogs', options: { 'awslogs-group': '/app', ...options } },
    {
      clock,
      sinkFor(region) {
        regions.push(region);
        return recorded.sink;
      },
      defaultRegion: 'eu-west-1',
      containerName: 'web',
      taskId: 'task1',
      runtimeId: 'runtime1',
    },
  );
  return { driver, regions, clock, ...recorded };
}

function print(driver: AwslogsDriver, ...chunks: (string | Buffer)[]): void {
  for (const chunk of chunks) driver.onOutput('stdout', Buffer.from(chunk));
}

test('each line is an event, dated when it came', () => {
  const { driver, clock, written } = open();
  print(driver, 'one\ntwo\n');
  clock.advance(1500);
  print(driver, 'three\n');
  const start = clock.now() - 1500;
  expect(written).toEqual([
    { stream: 'runtime1', timestamp: start, message: 'one' },
    { stream: 'runtime1', timestamp: start, message: 'two' },
    { stream: 'runtime1', timestamp: start + 1500, message: 'three' },
  ]);
});

test('a line and a character may be spread over chunks', () => {
  const { driver, messages } = open();
  const bytes = Buffer.from('grüße 🙀 日本\n');
  for (const byte of bytes) driver.onOutput('stdout', Buffer.of(byte));
  expect(messages()).toEqual(['grüße 🙀 日本']);
});

test('stdout and stderr do not mix within a line', () => {
  const { driver, messages } = open();
  driver.onOutput('stdout', Buffer.from('out '));
  driver.onOutput('stderr', Buffer.from('error\n'));
  driver.onOutput('stdout', Buffer.from('put\n'));
  expect(messages()).toEqual(['error', 'out put']);
});

test('empty lines are dropped, carriage returns kept, as by the Docker engine', () => {
  const { driver, messages } = open();
  print(driver, '\n\na\r\n\n b \n');
  expect(messages()).toEqual(['a\r', ' b ']);
});

test('closing writes a last line without newline, once, and nothing after it', () => {
  const { driver, messages } = open();
  print(driver, 'last');
  expect(messages()).toEqual([]);
  driver.close();
  driver.close();
  print(driver, 'late\n');
  expect(messages()).toEqual(['last']);
});

test('a line that is too long for one event becomes several, cut between characters', () => {
  const { driver, messages } = open();
  const line = `x${'é'.repeat(MAXIMUM_EVENT_BYTES)}`;
  print(driver, `${line}\n`);
  expect(messages()).toHaveLength(3);
  expect(messages().map((message) => Buffer.byteLength(message) <= MAXIMUM_EVENT_BYTES)).toEqual([true, true, true]);
  expect(messages().join('')).toBe(line);
});

test('an endless line is handed on piece by piece', () => {
  const { driver, messages } = open();
  const part = 'é'.repeat(50_000);
  print(driver, part, part, part);
  expect(messages()).toHaveLength(1);
  driver.close();
  expect(messages().join('')).toBe(part + part + part);
});

test('the prefix, the container and the task name the stream', () => {
  const { driver, written } = open({ 'awslogs-stream-prefix': 'ecs' });
  print(driver, 'a\n');
  expect(written[0]?.stream).toBe('ecs/web/task1');
});

test('the region is the one of the configuration, else the task’s', () => {
  expect(open({ 'awslogs-region': 'us-west-2' }).regions).toEqual(['us-west-2']);
  expect(open().regions).toEqual(['eu-west-1']);
});

test.describe('several lines in an event', () => {
  test('an event begins at a line that matches the pattern', () => {
    const { driver, messages } = open({ 'awslogs-multiline-pattern': '^INFO' });
    print(driver, 'before\nINFO one\n  at a\n\n  at b\nINFO two\n');
    expect(messages()).toEqual(['before\n', 'INFO one\n  at a\n\n  at b\n']);
    driver.close();
    expect(messages().at(-1)).toBe('INFO two\n');
  });

  test('an event is dated by its first line, and waits no longer than five seconds', () => {
    const { driver, clock, written } = open({ 'awslogs-multiline-pattern': '^INFO' });
    const start = clock.now();
    print(driver, 'INFO one\n');
    clock.advance(4000);
    print(driver, 'more\n');
    clock.advance(999);
    expect(written).toEqual([]);
    clock.advance(1);
    expect(written).toEqual([{ stream: 'runtime1', timestamp: start, message: 'INFO one\nmore\n' }]);
  });

  test('a datetime format matches the dates it describes', () => {
    const { driver, messages } = open({ 'awslogs-datetime-format': '%b %d, %Y %H:%M:%S' });
    print(driver, 'Jun 29, 2026 23:59:59 a\n continued\nJul 01, 2026 00:00:00 b\nXyz 01, 2026 00:00:00 c\n');
    driver.close();
    expect(messages()).toEqual([
      'Jun 29, 2026 23:59:59 a\n continued\n',
      'Jul 01, 2026 00:00:00 b\nXyz 01, 2026 00:00:00 c\n',
    ]);
  });

  test('Go’s flags and named groups are understood', () => {
    const { driver, messages } = open({ 'awslogs-multiline-pattern': '(?i)^(?P<level>info|warn)' });
    print(driver, 'INFO a\n b\nwarn c\n');
    expect(messages()).toEqual(['INFO a\n b\n']);
  });

  test('an event that would grow too long is written before the line that does not fit', () => {
    const { driver, messages } = open({ 'awslogs-multiline-pattern': '^INFO' });
    const half = 'y'.repeat(MAXIMUM_EVENT_BYTES / 2);
    print(driver, `INFO\n${half}\n${half}\n`);
    driver.close();
    expect(messages()).toEqual([`INFO\n${half}\n`, `${half}\n`]);
  });
});

test.describe('a configuration that cannot work', () => {
  const missing =
    'failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.';

  test('a log group that is missing is named as the problem', () => {
    expect(() => open({ 'awslogs-group': '/missing' })).toThrow(missing);
  });

  test('Fargate and Docker word a problem each in its own way', () => {
    const stream = new LogDriverError('stream', missing);
    const option = new LogDriverError('option', 'must specify a value');
    const fargate = 'ResourceInitializationError: failed to validate logger args: ';
    const docker = 'Error response from daemon: ';
    expect(fargateLogError(stream).message).toBe(
      `${fargate}create stream has been retried 1 times: ${missing} : exit status 1`,
    );
    expect(fargateLogError(option).message).toBe(`${fargate}must specify a value`);
    expect(dockerLogError(stream)).toMatchObject({
      kind: 'start',
      message: `${docker}failed to initialize logging driver: ${missing}`,
    });
    expect(dockerLogError(option)).toMatchObject({ kind: 'create', message: `${docker}must specify a value` });
  });

  test('awslogs-create-group makes the group', () => {
    const { groups } = open({ 'awslogs-group': '/missing', 'awslogs-create-group': 'true' });
    expect([...groups]).toEqual(['/app', '/missing']);
  });

  for (const [name, options, problem] of [
    ['no group', { 'awslogs-group': '' }, 'must specify a value for log opt "awslogs-group"'],
    [
      'a flag that is no flag',
      { 'awslogs-create-group': 'yes' },
      "must specify valid value for log opt 'awslogs-create-group': yes",
    ],
    ['a malformed pattern', { 'awslogs-multiline-pattern': '(' }, 'awslogs could not parse multiline pattern key "("'],
    [
      'a pattern and a format',
      { 'awslogs-multiline-pattern': 'a', 'awslogs-datetime-format': '%Y' },
      "you cannot configure log opt 'awslogs-datetime-format' and 'awslogs-multiline-pattern' at the same time",
    ],
  ] as const) {
    test(`${name} is refused`, () => {
      expect(() => open(options)).toThrow(problem);
    });
  }
});
