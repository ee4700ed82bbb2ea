import { RunTaskCommand } from '@aws-sdk/client-ecs';
import { expect, taskDefinition, test } from '../../fixtures/index.ts';

test.use({ requires: ['ecs:tasks'] });

test('a failed program is reported with its exit code', async ({ workloads }) => {
  const definition = taskDefinition('failing').container('app', workloads.images.shell, {
    command: ['sh', '-c', 'echo "out of cheese" >&2; exit 3'],
  });
  const task = await workloads.run(definition.build());

  await expect(task).toReachStatus('STOPPED');
  await expect(task.log('app')).toHaveLogged('out of cheese');
  expect(await task.describe()).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'app', lastStatus: 'STOPPED', exitCode: 3 }],
  });
});

test('an image that there is not stops the task before it starts', async ({ workloads }) => {
  const definition = taskDefinition('imageless').container('app', 'cloud-testbed.invalid/no/such-image:1');
  const task = await workloads.run(definition.build());

  await expect(task).toReachStatus('STOPPED');
  const described = await task.describe();
  expect(described).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringContaining('CannotPullContainerError'),
    containers: [{ name: 'app', lastStatus: 'STOPPED', reason: expect.stringContaining('CannotPullContainerError') }],
  });
  expect(described.containers?.[0]).not.toHaveProperty('exitCode');
  expect(described).not.toHaveProperty('startedAt');
});

test('a command that there is not stops the task before it starts', async ({ workloads }) => {
  const definition = taskDefinition('commandless').container('app', workloads.images.shell, {
    command: ['no-such-command'],
  });
  const task = await workloads.run(definition.build());

  await expect(task).toReachStatus('STOPPED');
  expect(await task.describe()).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(/^Cannot(Start|Create)ContainerError: .*no-such-command/s),
  });
});

test('a container that cannot start takes the others with it', async ({ workloads }) => {
  const definition = taskDefinition('pair')
    .container('app', workloads.images.shell, { command: ['sh', '-c', 'trap "exit 0" TERM; sleep 600 & wait'] })
    .container('broken', workloads.images.shell, {
      command: ['no-such-command'],
      dependsOn: [{ containerName: 'app', condition: 'START' }],
    });
  const task = await workloads.run(definition.build());

  await expect(task).toReachStatus('STOPPED');
  expect(await task.describe()).toMatchObject({ stopCode: 'TaskFailedToStart', desiredStatus: 'STOPPED' });
});

test('a task of a cluster that is not there is refused', async ({ workloads, namespace }) => {
  const definition = taskDefinition('hello').container('app', workloads.images.shell);

  await expect(workloads.run(definition.build(), { cluster: `${namespace}-missing` })).toBeAwsError(
    'ClusterNotFoundException',
    { message: 'Cluster not found.', status: 400 },
  );
});

test('a task of a definition that is not there is refused', async ({ aws, cluster, namespace }) => {
  await expect(
    aws.ecs.send(new RunTaskCommand({ cluster: cluster.name, taskDefinition: `${namespace}-missing` })),
  ).toBeAwsError('ClientException', { message: 'TaskDefinition not found.', status: 400 });
});

test('a Fargate task without a network is refused', async ({ aws, cluster, workloads }) => {
  const { taskDefinitionArn } = await workloads.register(
    taskDefinition('hello').container('app', workloads.images.shell).build(),
  );

  await expect(
    aws.ecs.send(
      new RunTaskCommand({ cluster: cluster.name, taskDefinition: taskDefinitionArn, launchType: 'FARGATE' }),
    ),
  ).toBeAwsError('InvalidParameterException', { message: /Network Configuration must be provided/, status: 400 });
});

test('more than ten tasks at once are refused', async ({ workloads }) => {
  const definition = taskDefinition('hello').container('app', workloads.images.shell);

  await expect(workloads.runMany(11, definition.build())).toBeAwsError('InvalidParameterException', { status: 400 });
});

test('a container that is not healthy in time ends the task that waits for it', async ({ workloads }) => {
  const definition = taskDefinition('waiting')
    .container('database', workloads.images.shell, {
      command: ['sh', '-c', 'trap "exit 0" TERM; sleep 600 & wait'],
      healthCheck: { command: ['CMD-SHELL', 'exit 1'], interval: 5, retries: 1 },
      startTimeout: 2,
    })
    .container('app', workloads.images.shell, {
      command: ['echo', 'started'],
      dependsOn: [{ containerName: 'database', condition: 'HEALTHY' }],
    });
  const task = await workloads.run(definition.build());

  await expect(task).toReachStatus('STOPPED');
  await expect(task.log('app')).not.toHaveLogged('started');
  expect(await task.describe()).toMatchObject({ stopCode: 'TaskFailedToStart' });
});
