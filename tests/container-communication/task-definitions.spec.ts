import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { expect, taskDefinition, test } from '../../fixtures/index.ts';

test('a registered task definition is active, and is its revision 1', async ({ workloads, namespace }) => {
  const definition = taskDefinition('hello').container('app', workloads.images.shell, { command: ['echo', 'hello'] });
  const registered = await workloads.register(definition.build());

  expect(registered).toMatchObject({
    taskDefinitionArn: expect.stringMatching(new RegExp(`:task-definition/${namespace}-hello:1$`)),
    family: `${namespace}-hello`,
    revision: 1,
    status: 'ACTIVE',
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    requiresCompatibilities: ['FARGATE'],
    containerDefinitions: [{ name: 'app', image: workloads.images.shell, command: ['echo', 'hello'], essential: true }],
  });
});

test('it is described as it was registered, by family, by revision and by ARN', async ({ aws, workloads }) => {
  const definition = taskDefinition('hello')
    .container('app', workloads.images.node, { ports: [8080], environment: { MODE: 'test' } })
    .volume('scratch');
  const registered = await workloads.register(definition.build());

  for (const name of [registered.family, `${registered.family}:1`, registered.taskDefinitionArn]) {
    const { taskDefinition: described } = await aws.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: name }),
    );
    expect(described, name).toEqual(registered);
  }
});

test('registering a family again makes its next revision, and the older ones stay', async ({ aws, workloads }) => {
  const definition = (tag: string) => taskDefinition('hello').container('app', `busybox:${tag}`).build();
  const first = await workloads.register(definition('1.36'));
  const second = await workloads.register(definition('1.37'));

  const lookUp = async (name: string) => {
    const { taskDefinition: described } = await aws.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: name }),
    );
    return { revision: described?.revision, image: described?.containerDefinitions?.[0]?.image };
  };
  expect(second.family).toBe(first.family);
  expect(await lookUp(first.taskDefinitionArn)).toEqual({ revision: 1, image: 'busybox:1.36' });
  expect(await lookUp(first.family)).toEqual({ revision: 2, image: 'busybox:1.37' });
});

test('revisions are listed by family, oldest first unless asked otherwise', async ({ aws, workloads }) => {
  const definition = taskDefinition('hello').container('app', workloads.images.shell).build();
  const first = await workloads.register(definition);
  const second = await workloads.register(definition);
  const familyPrefix = first.family;

  const ascending = await aws.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix }));
  const descending = await aws.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix, sort: 'DESC' }));
  expect(ascending.taskDefinitionArns).toEqual([first.taskDefinitionArn, second.taskDefinitionArn]);
  expect(descending.taskDefinitionArns).toEqual([second.taskDefinitionArn, first.taskDefinitionArn]);
});

test('families are listed by the beginning of their name', async ({ aws, workloads, namespace }) => {
  for (const family of ['web', 'worker', 'batch']) {
    await workloads.register(taskDefinition(family).container('app', workloads.images.shell).build());
  }

  const { families } = await aws.ecs.send(
    new ListTaskDefinitionFamiliesCommand({ familyPrefix: `${namespace}-w`, status: 'ACTIVE' }),
  );
  expect(families).toEqual([`${namespace}-web`, `${namespace}-worker`]);
});

test('a deregistered revision is inactive, described still, and runs no more tasks', async ({ aws, workloads }) => {
  const registered = await workloads.register(taskDefinition('hello').container('app', workloads.images.shell).build());
  await aws.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: registered.taskDefinitionArn }));

  const { taskDefinition: described } = await aws.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: registered.taskDefinitionArn }),
  );
  expect(described).toMatchObject({ status: 'INACTIVE', deregisteredAt: expect.any(Date) });
  await expect(workloads.run(registered)).toBeAwsError(/^(ClientException|InvalidParameterException)$/, {
    message: /inactive/i,
  });
});

test('a task definition that is not there cannot be described', async ({ aws, namespace }) => {
  await expect(
    aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: `${namespace}-missing` })),
  ).toBeAwsError('ClientException', { message: 'Unable to describe task definition.', status: 400 });
});

test('Fargate takes only certain pairs of CPU and memory', async ({ aws, namespace, workloads }) => {
  const definition = taskDefinition(`${namespace}-odd`).container('app', workloads.images.shell).size(256, 8_192);

  await expect(aws.ecs.send(new RegisterTaskDefinitionCommand(definition.build()))).toBeAwsError('ClientException', {
    message: /No Fargate configuration exists for given values/,
    status: 400,
  });
});

test('two containers of the same name are refused', async ({ aws, namespace, workloads }) => {
  const { shell } = workloads.images;
  const definition = taskDefinition(`${namespace}-twice`).container('app', shell).container('app', shell);

  await expect(aws.ecs.send(new RegisterTaskDefinitionCommand(definition.build()))).toBeAwsError('ClientException', {
    status: 400,
  });
});
