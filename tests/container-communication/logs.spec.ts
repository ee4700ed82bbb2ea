import { FilterLogEventsCommand, DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect, taskDefinition, test } from '../../fixtures/index.ts';

test.use({ requires: ['ecs:tasks', 'logs'] });

test('standard output and standard error are captured', async ({ workloads }) => {
  const definition = taskDefinition('talker').container('app', workloads.images.shell, {
    command: ['sh', '-c', 'echo "to the output"; echo "to the error" >&2'],
  });
  const task = await workloads.run(definition.build());

  await expect(task).toHaveCompleted();
  await expect(task.log('app')).toHaveLogged('to the output');
  await expect(task.log('app')).toHaveLogged('to the error');
});

test('the stream is named after prefix, container and task', async ({ aws, logs, workloads }) => {
  const definition = taskDefinition('talker').container('app', workloads.images.shell, {
    command: ['echo', 'hello'],
    logConfiguration: logs.configuration({ 'awslogs-stream-prefix': 'orders' }),
  });
  const task = await workloads.run(definition.build());
  await expect(task).toHaveCompleted();

  const { logStreams } = await aws.logs.send(new DescribeLogStreamsCommand({ logGroupName: logs.group }));
  expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual([`orders/app/${task.id}`]);
});

test('each container has a stream of its own', async ({ workloads }) => {
  const definition = taskDefinition('talkers')
    .container('first', workloads.images.shell, { command: ['echo', 'I am the first'], essential: false })
    .container('second', workloads.images.shell, {
      command: ['echo', 'I am the second'],
      dependsOn: [{ containerName: 'first', condition: 'COMPLETE' }],
    });
  const task = await workloads.run(definition.build());
  await expect(task).toHaveCompleted();

  const messages = async (container: string) => (await task.log(container).read()).map(({ message }) => message);
  expect(await messages('first')).toEqual(['I am the first']);
  expect(await messages('second')).toEqual(['I am the second']);
});

test('all output is there, in its order, when the task has stopped', async ({ workloads }) => {
  const definition = taskDefinition('counter').container('app', workloads.images.shell, {
    command: ['sh', '-c', 'i=1; while [ $i -le 500 ]; do echo "line $i"; i=$((i+1)); done; printf "no line end"'],
  });
  const task = await workloads.run(definition.build());
  await expect(task).toHaveCompleted();

  const lines = await task.log('app').read();
  expect(lines.map(({ message }) => message)).toEqual([
    ...Array.from({ length: 500 }, (_, index) => `line ${index + 1}`),
    'no line end',
  ]);
});

test('output of a running task can be read', async ({ workloads }) => {
  const definition = taskDefinition('talker').container('app', workloads.images.shell, {
    command: ['sh', '-c', 'trap "exit 0" TERM; echo started; sleep 600 & wait'],
  });
  const task = await workloads.run(definition.build());

  await expect(task.log('app')).toHaveLogged('started');
  expect(await task.describe()).toMatchObject({ desiredStatus: 'RUNNING' });
});

test('a multi-line pattern makes one event of several lines', async ({ logs, workloads }) => {
  const output = ['INFO starting', 'ERROR it broke', '  at line 1', '  at line 2', 'INFO done'];
  const definition = taskDefinition('talker').container('app', workloads.images.shell, {
    command: ['printf', `${output.join('\\n')}\\n`],
    logConfiguration: logs.configuration({ 'awslogs-multiline-pattern': '^(INFO|ERROR)' }),
  });
  const task = await workloads.run(definition.build());
  await expect(task).toHaveCompleted();

  const events = await task.log('app').read();
  expect(events.map(({ message }) => message.trimEnd())).toEqual([
    'INFO starting',
    'ERROR it broke\n  at line 1\n  at line 2',
    'INFO done',
  ]);
});

test('lines without a pattern are events of their own', async ({ workloads }) => {
  const definition = taskDefinition('talker').container('app', workloads.images.shell, {
    command: ['printf', 'one\\ntwo\\n\\nfour\\n'],
  });
  const task = await workloads.run(definition.build());
  await expect(task).toHaveCompleted();

  const events = await task.log('app').read();
  expect(events?.map(({ message }) => message)).toEqual(expect.arrayContaining(['one', 'two', 'four']));
});

test('events are found by their text', async ({ aws, logs, workloads }) => {
  const definition = taskDefinition('talker').container('app', workloads.images.shell, {
    command: ['printf', 'order 1 accepted\\norder 2 refused\\norder 3 accepted\\n'],
  });
  const task = await workloads.run(definition.build());
  await expect(task).toHaveCompleted();

  const { events } = await aws.logs.send(
    new FilterLogEventsCommand({ logGroupName: logs.group, filterPattern: 'accepted' }),
  );
  expect(events?.map(({ message }) => message)).toEqual(['order 1 accepted', 'order 3 accepted']);
});

test('the driver makes the group when it is told to', async ({ logs, workloads }) => {
  const definition = taskDefinition('talker').container('app', workloads.images.shell, {
    command: ['echo', 'hello'],
    logConfiguration: logs.configuration({ 'awslogs-group': `${logs.group}/own`, 'awslogs-create-group': 'true' }),
  });
  const task = await workloads.run(definition.build());

  await expect(task).toHaveCompleted();
  await expect(logs.forContainer(task, 'app', { group: `${logs.group}/own` })).toHaveLogged('hello');
});

test('a log group that is not there stops the task before it starts', async ({ logs, workloads }) => {
  const definition = taskDefinition('talker').container('app', workloads.images.shell, {
    command: ['echo', 'hello'],
    logConfiguration: logs.configuration({ 'awslogs-group': `${logs.group}/missing` }),
  });
  const task = await workloads.run(definition.build());

  await expect(task).toReachStatus('STOPPED');
  expect(await task.describe()).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringContaining('log group'),
  });
});
