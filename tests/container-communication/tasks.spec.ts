import { DescribeTasksCommand, ListTasksCommand, RunTaskCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { expect, taskDefinition, test } from '../../fixtures/index.ts';

test.use({ requires: ['ecs:tasks'] });

const untilStopped = ['sh', '-c', 'trap "exit 0" TERM; echo ready; sleep 600 & wait'];

test('a task runs to its end', async ({ workloads }) => {
  const definition = taskDefinition('hello').container('app', workloads.images.shell, { command: ['echo', 'hello'] });
  const task = await workloads.run(definition.build());

  await expect(task).toHaveCompleted();
});

test('a running task is listed and described', async ({ aws, cluster, workloads }) => {
  const definition = await workloads.register(
    taskDefinition('sleeper').container('app', workloads.images.shell, { command: untilStopped }).build(),
  );
  const task = await workloads.run(definition);
  await expect(task).toReachStatus('RUNNING');

  const { taskArns } = await aws.ecs.send(new ListTasksCommand({ cluster: cluster.name }));
  expect(taskArns).toEqual([task.arn]);
  expect(await task.describe()).toMatchObject({
    taskArn: task.arn,
    clusterArn: cluster.arn,
    taskDefinitionArn: definition.taskDefinitionArn,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    launchType: 'FARGATE',
    group: `family:${definition.family}`,
    containers: [{ name: 'app', lastStatus: 'RUNNING', image: workloads.images.shell }],
  });
});

test('one call runs several tasks', async ({ aws, cluster, workloads }) => {
  const definition = taskDefinition('hello').container('app', workloads.images.shell, { command: ['true'] });
  const tasks = await workloads.runMany(3, definition.build());

  for (const task of tasks) await expect(task).toHaveCompleted();
  const { taskArns } = await aws.ecs.send(new ListTasksCommand({ cluster: cluster.name, desiredStatus: 'STOPPED' }));
  expect(taskArns?.toSorted()).toEqual(tasks.map(({ arn }) => arn).toSorted());
});

test('tasks are found by who started them, by family and by status', async ({ aws, cluster, workloads }) => {
  const sleeper = await workloads.register(
    taskDefinition('sleeper').container('app', workloads.images.shell, { command: untilStopped }).build(),
  );
  const mine = await workloads.run(sleeper, { startedBy: 'me' });
  const done = await workloads.run(
    taskDefinition('short')
      .container('app', workloads.images.shell, { command: ['true'] })
      .build(),
  );
  await expect(done).toReachStatus('STOPPED');

  const list = async (filter: { startedBy?: string; family?: string; desiredStatus?: 'STOPPED' }) => {
    const { taskArns } = await aws.ecs.send(new ListTasksCommand({ cluster: cluster.name, ...filter }));
    return taskArns;
  };
  expect(await list({ startedBy: 'me' })).toEqual([mine.arn]);
  expect(await list({ startedBy: 'you' })).toEqual([]);
  expect(await list({ family: sleeper.family })).toEqual([mine.arn]);
  expect(await list({ desiredStatus: 'STOPPED' })).toEqual([done.arn]);
});

test('a stopped task tells who stopped it and why', async ({ aws, cluster, workloads }) => {
  const definition = taskDefinition('sleeper').container('app', workloads.images.shell, { command: untilStopped });
  const task = await workloads.run(definition.build());
  await expect(task.log('app')).toHaveLogged('ready');

  await aws.ecs.send(new StopTaskCommand({ cluster: cluster.name, task: task.id, reason: 'no longer needed' }));
  await expect(task).toReachStatus('STOPPED');
  expect(await task.describe()).toMatchObject({
    desiredStatus: 'STOPPED',
    stopCode: 'UserInitiated',
    stoppedReason: 'no longer needed',
    containers: [{ name: 'app', lastStatus: 'STOPPED', exitCode: 0 }],
  });
});

test('a task that is not there is a MISSING failure', async ({ aws, cluster }) => {
  const task = '00000000000000000000000000000000';

  const { tasks, failures } = await aws.ecs.send(new DescribeTasksCommand({ cluster: cluster.name, tasks: [task] }));
  expect(tasks).toEqual([]);
  expect(failures).toEqual([{ arn: expect.stringMatching(new RegExp(`/${task}$`)), reason: 'MISSING' }]);
});

test('the same client token runs a task once', async ({ aws, cluster, environment, namespace, workloads }) => {
  const { taskDefinitionArn } = await workloads.register(
    taskDefinition('hello')
      .container('app', workloads.images.shell, { command: ['true'] })
      .build(),
  );
  const request = new RunTaskCommand({
    cluster: cluster.name,
    taskDefinition: taskDefinitionArn,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: [...environment.network.subnets] } },
    clientToken: namespace,
  });

  const first = await aws.ecs.send(request);
  const second = await aws.ecs.send(request);
  expect(second.tasks?.map(({ taskArn }) => taskArn)).toEqual(first.tasks?.map(({ taskArn }) => taskArn));
});
