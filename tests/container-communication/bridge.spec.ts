import { expect, taskDefinition, test } from '../../fixtures/index.ts';

test.use({ requires: ['ecs:tasks', 'ecs:container-instances'] });

test('a task for EC2 runs on a container instance', async ({ cluster, containerInstances, workloads }) => {
  await containerInstances.add(1);
  const definition = taskDefinition('hello')
    .container('app', workloads.images.shell, { memory: 64, command: ['echo', 'hello'] })
    .onEc2('bridge');
  const task = await workloads.run(definition.build());

  await expect(task).toHaveCompleted();
  await expect(task.log('app')).toHaveLogged('hello');
  expect(await task.describe()).toMatchObject({
    launchType: 'EC2',
    containerInstanceArn: expect.stringContaining(`:container-instance/${cluster.name}/`),
  });
});

test('tasks in bridge mode have the same port on host ports of their own', async ({
  containerInstances,
  workloads,
}) => {
  await containerInstances.add(1);
  const web = taskDefinition('web')
    .container('app', ...workloads.program('http-echo', { ports: [8080], memory: 64 }))
    .onEc2('bridge');
  const tasks = await workloads.runMany(2, web.build());

  const urls: string[] = [];
  for (const task of tasks) {
    await expect(task.log('app')).toHaveLogged('listening');
    await expect(task).toReachStatus('RUNNING');
    const { url } = await workloads.addressOf(task, 'app', 8080);
    urls.push(url);
    expect(await (await fetch(`${url}/${task.id}`)).json()).toMatchObject({ path: `/${task.id}` });
  }
  expect(new Set(urls).size).toBe(2);
});

test.describe('without container instances', () => {
  test.use({ requires: ['ecs:tasks', 'ecs:clusters-start-empty'] });

  test('a task for EC2 is refused', async ({ workloads }) => {
    const definition = taskDefinition('hello').container('app', workloads.images.shell, { memory: 64 }).onEc2('bridge');

    await expect(workloads.run(definition.build())).toBeAwsError('InvalidParameterException', {
      message: 'No Container Instances were found in your cluster.',
      status: 400,
    });
  });
});
