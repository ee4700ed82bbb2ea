import { CreateClusterCommand, CreateServiceCommand, DeleteClusterCommand } from '@aws-sdk/client-ecs';
import { expect, taskDefinition, test } from '../../fixtures/index.ts';
import { networkOf } from './network.ts';

test.use({ requires: ['ecs:tasks', 'ecs:services'] });

const idle = ['sh', '-c', 'trap "exit 0" TERM; sleep 600 & wait'];

test('a service of a cluster that has been deleted is refused', async ({ aws, namespace, services, workloads }) => {
  const cluster = `${namespace}-inactive`;
  await aws.ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  await aws.ecs.send(new DeleteClusterCommand({ cluster }));
  const definition = taskDefinition('web').container('app', workloads.images.shell, { command: idle });

  await expect(services.deploy('web', definition.build(), { cluster })).toBeAwsError('ClusterNotFoundException', {
    message: 'Cluster not found.',
    status: 400,
  });
});

test('a service of a definition that is not there is refused', async ({ aws, cluster, environment, namespace }) => {
  await expect(
    aws.ecs.send(
      new CreateServiceCommand({
        cluster: cluster.name,
        serviceName: 'web',
        taskDefinition: `${namespace}-missing`,
        desiredCount: 1,
        launchType: 'FARGATE',
        networkConfiguration: networkOf(environment),
      }),
    ),
  ).toBeAwsError('ClientException', { message: 'TaskDefinition not found.', status: 400 });
});

test('a desired count below zero is refused, at the start and later', async ({ services, workloads }) => {
  const definition = await workloads.register(
    taskDefinition('web').container('app', workloads.images.shell, { command: idle }).build(),
  );
  await expect(services.deploy('web', definition, { desiredCount: -1 })).toBeAwsError('InvalidParameterException', {
    status: 400,
  });

  const service = await services.deploy('web', definition, { desiredCount: 0 });
  await expect(service.scale(-1)).toBeAwsError('InvalidParameterException', { status: 400 });
  expect(await service.describe()).toMatchObject({ desiredCount: 0, status: 'ACTIVE' });
});

test('bounds that leave no room for an update are refused', async ({ services, workloads }) => {
  const definition = taskDefinition('web').container('app', workloads.images.shell, { command: idle });

  await expect(
    services.deploy('web', definition.build(), {
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 },
    }),
  ).toBeAwsError('InvalidParameterException', { status: 400 });
});

test('an update to a definition that is not there changes nothing', async ({ services, workloads }) => {
  const definition = taskDefinition('web').container('app', workloads.images.shell, { command: idle });
  const service = await services.deploy('web', definition.build());
  await expect(service).toBeHealthy();
  const [before] = await service.tasks();
  const { taskDefinitionArn = '' } = (await before?.describe()) ?? {};

  await expect(
    service.update({ definition: { taskDefinitionArn: `${taskDefinitionArn}99`, family: 'web' } }),
  ).toBeAwsError('ClientException', { message: 'TaskDefinition not found.', status: 400 });
  await expect(service).toBeHealthy();
  expect((await service.tasks()).map(({ arn }) => arn)).toEqual([before?.arn]);
});
