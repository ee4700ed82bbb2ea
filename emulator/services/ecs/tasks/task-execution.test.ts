import type { ContainerDefinition, Volume } from '@aws-sdk/client-ecs';
import { expect, test } from '@playwright/test';
import { ContainerStartError, ImageError } from '../../../runtimes/runtime.ts';
import { settle, taskTestBench } from './task-test-bench.ts';

const app = { name: 'app', image: 'busybox' };

test('a task goes through every state of its life, in order', async () => {
  const bench = taskTestBench();
  const { task } = bench.run([app]);
  expect(task).toMatchObject({ lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING', healthStatus: 'UNKNOWN' });
  expect(task.containers?.[0]).toMatchObject({ lastStatus: 'PENDING' });
  expect(task.containers?.[0]?.runtimeId).toBeUndefined();

  await settle();
  expect(task.lastStatus).toBe('RUNNING');
  expect(task.containers?.[0]).toMatchObject({
    lastStatus: 'RUNNING',
    runtimeId: expect.stringMatching(/^[0-9a-f]{32}-\d{10}$/),
    imageDigest: 'sha256:0',
  });

  bench.runtime.container('app').exit(0);
  await settle();
  expect(bench.statuses).toEqual([
    'PENDING',
    'ACTIVATING',
    'RUNNING',
    'DEACTIVATING',
    'STOPPING',
    'DEPROVISIONING',
    'STOPPED',
  ]);
  expect(task).toMatchObject({
    desiredStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
  });
  expect(task.containers?.[0]).toMatchObject({ lastStatus: 'STOPPED', exitCode: 0 });
  expect(bench.runtime.sandboxes).toEqual([expect.objectContaining({ removed: true })]);
});

test('every timestamp is of the moment at which it happened', async () => {
  const bench = taskTestBench();
  const { task } = bench.run([app]);
  const created = bench.clock.now();
  await settle();
  bench.clock.advance(5000);
  bench.runtime.container('app').exit(3);
  await settle();
  for (const at of [task.createdAt, task.connectivityAt, task.pullStartedAt, task.pullStoppedAt, task.startedAt]) {
    expect(at?.getTime()).toBe(created);
  }
  for (const at of [task.stoppingAt, task.executionStoppedAt, task.stoppedAt]) {
    expect(at?.getTime()).toBe(created + 5000);
  }
  expect(task.connectivity).toBe('CONNECTED');
});

test('the network interface of a Fargate task is attached, described and deleted', async () => {
  const bench = taskTestBench();
  const { task } = bench.run([app]);
  expect(task.attachments?.[0]).toMatchObject({
    type: 'ElasticNetworkInterface',
    status: 'PRECREATED',
    details: [{ name: 'subnetId', value: 'subnet-1' }],
  });
  await settle();
  expect(task.attachments?.[0]?.status).toBe('ATTACHED');
  expect(task.attachments?.[0]?.details?.map(({ name }) => name)).toEqual([
    'subnetId',
    'networkInterfaceId',
    'macAddress',
    'privateDnsName',
    'privateIPv4Address',
  ]);
  expect(task.containers?.[0]?.networkInterfaces).toEqual([
    { attachmentId: task.attachments?.[0]?.id, privateIpv4Address: '10.0.0.7' },
  ]);
  bench.runtime.container('app').exit(0);
  await settle();
  expect(task.attachments?.[0]?.status).toBe('DELETED');
});

test('an image that cannot be had stops the task as TaskFailedToStart', async () => {
  const bench = taskTestBench({ pull: () => Promise.reject(new ImageError('no such image')) });
  const { task } = bench.run([app]);
  await settle();
  expect(task).toMatchObject({
    lastStatus: 'STOPPED',
    stopCode: 'TaskFailedToStart',
    stoppedReason: 'CannotPullContainerError: no such image',
  });
  expect(task.containers?.[0]).toMatchObject({
    lastStatus: 'STOPPED',
    reason: 'CannotPullContainerError: no such image',
  });
  expect(task.containers?.[0]?.exitCode).toBeUndefined();
  expect(task.startedAt).toBeUndefined();
  expect(bench.runtime.containers).toEqual([]);
});

test('on EC2 the container tells the error and the task only that it failed', async () => {
  const bench = taskTestBench({ pull: () => Promise.reject(new ImageError('no such image')) });
  const { task } = bench.run([app], { capacity: { launchType: 'EC2' }, definition: { networkMode: 'bridge' } });
  expect(task.lastStatus).toBe('PENDING');
  await settle();
  expect(task.stoppedReason).toBe('Task failed to start');
  expect(task.containers?.[0]?.reason).toBe('CannotPullContainerError: no such image');
});

test('a container that cannot be started stops the task', async () => {
  const bench = taskTestBench({
    beforeStart: () => Promise.reject(new ContainerStartError('start', 'exec: "nope": executable file not found')),
  });
  const { task } = bench.run([app]);
  await settle();
  expect(task).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: 'CannotStartContainerError: exec: "nope": executable file not found',
  });
});

test('a non-essential container may exit, and may fail to start, while the task runs on', async () => {
  const bench = taskTestBench({
    beforeStart: ({ name }) =>
      name === 'broken' ? Promise.reject(new ContainerStartError('create', 'no')) : Promise.resolve(),
  });
  const { task } = bench.run([
    app,
    { name: 'helper', image: 'busybox', essential: false },
    { name: 'broken', image: 'busybox', essential: false },
  ]);
  await settle();
  bench.runtime.container('helper').exit(9);
  await settle();
  expect(task.lastStatus).toBe('RUNNING');
  expect(task.containers?.[1]).toMatchObject({ lastStatus: 'STOPPED', exitCode: 9 });
  expect(task.containers?.[2]).toMatchObject({ lastStatus: 'STOPPED', reason: 'CannotCreateContainerError: no' });
});

test('an essential exit ends the other containers with their stop timeouts', async () => {
  const bench = taskTestBench();
  const { task } = bench.run([
    app,
    { name: 'web', image: 'busybox', stopTimeout: 7 },
    { name: 'db', image: 'busybox' },
  ]);
  await settle();
  bench.runtime.container('app').exit(1);
  await settle();
  expect(bench.runtime.container('web').stops).toEqual([7000]);
  expect(bench.runtime.container('db').stops).toEqual([30_000]);
  expect(task.containers?.map(({ exitCode }) => exitCode)).toEqual([1, 143, 143]);
});

test('a container killed for want of memory says so', async () => {
  const bench = taskTestBench();
  const { task } = bench.run([app]);
  await settle();
  bench.runtime.container('app').exit(137, true);
  await settle();
  expect(task.containers?.[0]).toMatchObject({
    exitCode: 137,
    reason: 'OutOfMemoryError: Container killed due to memory usage',
  });
});

test('a container of which nobody knows how it ended has a reason and no exit code', async () => {
  const bench = taskTestBench();
  const { task } = bench.run([app]);
  await settle();
  bench.runtime.container('app').lose('connect ECONNREFUSED /var/run/docker.sock');
  await settle();
  expect(task.containers?.[0]).toMatchObject({
    lastStatus: 'STOPPED',
    reason: 'CannotInspectContainerError: connect ECONNREFUSED /var/run/docker.sock',
  });
  expect(task.containers?.[0]).not.toHaveProperty('exitCode');
  expect(task).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' });
});

test('a task stopped while it is provisioned ends cleanly', async () => {
  let provisioned: () => void = () => undefined;
  const bench = taskTestBench({
    createSandbox: () =>
      new Promise((resolve) => {
        provisioned = resolve;
      }),
  });
  const record = bench.run([app]);
  await settle();
  bench.state.supervisor.stop(record, { code: 'UserInitiated', reason: 'enough' });
  expect(record.task).toMatchObject({ desiredStatus: 'STOPPED', lastStatus: 'STOPPING' });
  provisioned();
  await settle();
  expect(record.task).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'enough' });
  expect(record.task.containers?.[0]).toMatchObject({ lastStatus: 'STOPPED' });
  expect(bench.runtime.sandboxes[0]?.removed).toBe(true);
});

test('a task stopped while its image is pulled calls the pull off', async () => {
  const bench = taskTestBench({
    pull: (_image, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new ImageError('aborted')));
      }),
  });
  const record = bench.run([app]);
  await settle();
  expect(record.task.lastStatus).toBe('ACTIVATING');
  bench.state.supervisor.stop(record, { code: 'UserInitiated', reason: 'enough' });
  await settle();
  expect(record.task).toMatchObject({ lastStatus: 'STOPPED', stoppedReason: 'enough' });
  expect(record.task.containers?.[0]?.reason).toBeUndefined();
});

test('a task stopped while a container starts ends that container', async () => {
  let begin: () => void = () => undefined;
  const bench = taskTestBench({
    beforeStart: () =>
      new Promise((resolve) => {
        begin = resolve;
      }),
  });
  const record = bench.run([app]);
  await settle();
  bench.state.supervisor.stop(record, { code: 'UserInitiated', reason: 'enough' });
  begin();
  await settle();
  expect(bench.runtime.container('app').stops).toEqual([30_000]);
  expect(record.task).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 143 }] });
});

test('the first reason to stop counts', async () => {
  const bench = taskTestBench({ onStop: () => undefined });
  const record = bench.run([app]);
  await settle();
  bench.state.supervisor.stop(record, { code: 'UserInitiated', reason: 'first' });
  bench.state.supervisor.stop(record, { code: 'ServiceSchedulerInitiated', reason: 'second' });
  bench.runtime.container('app').exit(0);
  await settle();
  expect(record.task).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'first' });
  expect(bench.runtime.container('app').stops).toHaveLength(1);
});

test('a stopped task is forgotten after an hour', async () => {
  const bench = taskTestBench();
  const { task } = bench.run([app]);
  await settle();
  bench.runtime.container('app').exit(0);
  await settle();
  bench.clock.advance(3_599_000);
  expect(bench.state.tasks.has(task.taskArn)).toBe(true);
  bench.clock.advance(1000);
  expect(bench.state.tasks.has(task.taskArn)).toBe(false);
  expect(bench.state.tasksByAgentId.size).toBe(0);
});

test('shutdown ends every task at once, also one that ignores SIGTERM', async () => {
  const bench = taskTestBench({ onStop: () => undefined });
  const records = [bench.run([app]), bench.run([app])];
  await settle();
  await bench.state.supervisor.shutdown();
  expect(records.map(({ task }) => task.lastStatus)).toEqual(['STOPPED', 'STOPPED']);
  expect(bench.runtime.sandboxes.every(({ removed }) => removed)).toBe(true);
});

test('output reaches the log before the task is STOPPED, its last line without a newline too', async () => {
  const bench = taskTestBench();
  const options = { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'run', 'awslogs-region': 'us-east-1' };
  const { task } = bench.run([{ ...app, logConfiguration: { logDriver: 'awslogs', options } }]);
  await settle();
  const container = bench.runtime.container('app');
  container.spec.onOutput('stdout', Buffer.from('one\ntwo'));
  container.exit(0);
  await settle();
  const stream = `/ecs/web/run/app/${task.taskArn.split('/').at(-1)}`;
  expect(bench.logged).toEqual([`${stream} one`, `${stream} two`]);
});

const unavailable: { what: string; container?: Partial<ContainerDefinition>; volume?: Volume; named: RegExp }[] = [
  {
    what: 'a secret',
    container: { secrets: [{ name: 'KEY', valueFrom: 'arn:aws:ssm:::parameter/key' }] },
    named: /arn:aws:ssm:::parameter\/key/,
  },
  {
    what: 'an environment file',
    container: { environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::bucket/app.env' }] },
    named: /failed to download env files: arn:aws:s3:::bucket\/app.env: nothing is in bucket at app.env/,
  },
  {
    what: 'an EFS volume',
    volume: { name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1' } },
    named: /volume data: Amazon EFS/,
  },
  {
    what: 'a shared Docker volume',
    volume: { name: 'data', dockerVolumeConfiguration: { scope: 'shared' } },
    named: /volume data: .* "shared"/,
  },
  { what: 'a log router', container: { logConfiguration: { logDriver: 'awsfirelens' } }, named: /awsfirelens/ },
  {
    what: 'a log group that is not there',
    container: {
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': 'missing', 'awslogs-stream-prefix': 'run', 'awslogs-region': 'us-east-1' },
      },
    },
    named: /missing/,
  },
];

for (const { what, container, volume, named } of unavailable) {
  test(`${what} that cannot be had stops the task with a ResourceInitializationError that names it`, async () => {
    const bench = taskTestBench();
    const { task } = bench.run([{ ...app, ...container }], { definition: { volumes: volume ? [volume] : [] } });
    await settle();
    expect(task).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart' });
    expect(task.stoppedReason).toMatch(/^ResourceInitializationError: /);
    expect(task.stoppedReason).toMatch(named);
    expect(bench.runtime.containers).toEqual([]);
  });
}

test('on EC2 a log group that is not there is a failure of the container that logs to it', async () => {
  for (const prefix of [{ 'awslogs-stream-prefix': 'run' }, {}]) {
    const bench = taskTestBench();
    const logConfiguration = {
      logDriver: 'awslogs' as const,
      options: { 'awslogs-group': 'missing', 'awslogs-region': 'us-east-1', ...prefix },
    };
    const { task } = bench.run([app, { name: 'logger', image: 'busybox', logConfiguration }], {
      capacity: { launchType: 'EC2' },
      definition: { networkMode: 'bridge' },
    });
    await settle();
    expect(task).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'Task failed to start',
    });
    expect(task.containers?.[0]).not.toHaveProperty('reason');
    expect(task.containers?.[1]?.reason).toBe(
      'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: ' +
        'failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist: missing',
    );
  }
});

test('a task on Fargate tells the operating system that its definition asks for', () => {
  const bench = taskTestBench();
  const family = 'WINDOWS_SERVER_2022_CORE';
  const windows = bench.run([app], { definition: { runtimePlatform: { operatingSystemFamily: family } } });
  expect(windows.task.platformFamily).toBe(family);
  expect(bench.run([app]).task.platformFamily).toBe('Linux');
});
