import { expect, taskDefinition, test } from '../../fixtures/index.ts';
import { answersOf, webService } from './web-service.ts';

test.use({ requires: ['ecs:tasks', 'ecs:services'] });

test('a service runs as many tasks as desired, of its definition', async ({ services, workloads }) => {
  const definition = await workloads.register(webService({ VERSION: 'v1', GREETING: 'hello' }));
  const service = await services.deploy('web', definition, { desiredCount: 3 });
  await expect(service).toBeHealthy();

  expect(await service.describe()).toMatchObject({
    status: 'ACTIVE',
    desiredCount: 3,
    runningCount: 3,
    pendingCount: 0,
    taskDefinition: definition.taskDefinitionArn,
  });
  const answers = await answersOf(service);
  expect(answers.map(({ version, greeting }) => ({ version, greeting }))).toEqual(
    Array.from({ length: 3 }, () => ({ version: 'v1', greeting: 'hello' })),
  );
  expect(new Set(answers.map(({ instance }) => instance)).size).toBe(3);
});

test('a service that is scaled up keeps the tasks that it has', async ({ services }) => {
  const service = await services.deploy('web', webService());
  await expect(service).toBeHealthy();
  const before = (await service.tasks()).map(({ arn }) => arn);

  await service.scale(3);
  await expect(service).toBeHealthy();

  const after = (await service.tasks()).map(({ arn }) => arn);
  expect(after).toHaveLength(3);
  expect(after).toEqual(expect.arrayContaining(before));
  expect((await service.describe()).deployments).toHaveLength(1);
});

test('a service that is scaled down stops tasks until it has as many as desired', async ({ services }) => {
  const service = await services.deploy('web', webService(), { desiredCount: 3 });
  await expect(service).toBeHealthy();
  const before = (await service.tasks()).map(({ arn }) => arn);

  await service.scale(1);
  await expect(service).toBeHealthy();

  const [kept, ...others] = (await service.tasks()).map(({ arn }) => arn);
  expect(others).toEqual([]);
  expect(before).toContain(kept);
  await expect
    .poll(async () => (await service.describeTasks('STOPPED')).map(({ stopCode }) => stopCode), {
      timeout: service.deadline,
    })
    .toEqual(['ServiceSchedulerInitiated', 'ServiceSchedulerInitiated']);
});

test('a service that is scaled to nothing stays, and comes back', async ({ services }) => {
  const service = await services.deploy('web', webService());
  await expect(service).toBeHealthy();

  await service.scale(0);
  await expect.poll(() => service.tasks(), { timeout: service.deadline }).toEqual([]);
  expect(await service.describe()).toMatchObject({ status: 'ACTIVE', desiredCount: 0 });

  await service.scale(1);
  await expect(service).toBeHealthy();
  expect(await answersOf(service)).toHaveLength(1);
});

test('an update brings another image and other variables', async ({ services, workloads }) => {
  const print = {
    command: ['sh', '-c', 'trap "exit 0" TERM; echo "API_VERSION is $API_VERSION"; sleep 600 & wait'],
  };
  const v1 = taskDefinition('api').container('app', workloads.images.shell, {
    ...print,
    environment: { API_VERSION: 'v1' },
  });
  const v2 = taskDefinition('api').container('app', workloads.images.node, {
    ...print,
    environment: { API_VERSION: 'v2' },
  });
  const service = await services.deploy('api', v1.build());
  await expect(service).toBeHealthy();

  await service.update({ definition: v2.build() });
  await expect(service).toBeHealthy();

  const tasks = await service.tasks();
  expect(tasks).toHaveLength(1);
  for (const task of tasks) {
    expect(await task.describe()).toMatchObject({ containers: [{ name: 'app', image: workloads.images.node }] });
    await expect(task.log('app')).toHaveLogged('API_VERSION is v2');
  }
});

test('a forced deployment replaces every task by one of the same definition', async ({ services }) => {
  const service = await services.deploy('web', webService({ VERSION: 'v1' }), { desiredCount: 2 });
  await expect(service).toBeHealthy();
  const before = await answersOf(service);
  const { taskDefinition: definition } = await service.describe();

  await service.update({ forceNewDeployment: true });
  await expect(service).toBeHealthy();

  const after = await answersOf(service);
  expect(after.map(({ version }) => version)).toEqual(['v1', 'v1']);
  const instances = before.map(({ instance }) => instance);
  expect(after.filter(({ instance }) => instances.includes(instance))).toEqual([]);
  expect((await service.describe()).taskDefinition).toBe(definition);
});
