import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import { expect, server, test } from './services-test.ts';

test('each deployment of a service is in its history, with the revisions it went from and to', async ({
  bench,
  services,
}) => {
  const { client, cluster } = bench;
  const first = await bench.register([server()]);
  await services.create({ taskDefinition: first, desiredCount: 2 });
  await services.completed();
  const second = await bench.register([server()]);
  await services.update({ taskDefinition: second });
  const service = await services.completed();
  const { serviceDeployments = [] } = await client.send(new ListServiceDeploymentsCommand({ cluster, service: 'web' }));
  expect(serviceDeployments.map(({ status }) => status)).toEqual(['SUCCESSFUL', 'SUCCESSFUL']);
  const [latest, initial] = serviceDeployments;
  expect(service).toMatchObject({
    currentServiceDeployment: latest?.serviceDeploymentArn,
    currentServiceRevisions: [
      { arn: latest?.targetServiceRevisionArn, requestedTaskCount: 2, runningTaskCount: 2, pendingTaskCount: 0 },
    ],
  });
  const described = await client.send(
    new DescribeServiceDeploymentsCommand({
      serviceDeploymentArns: [latest?.serviceDeploymentArn ?? '', `${latest?.serviceDeploymentArn}x`],
    }),
  );
  expect(described.serviceDeployments).toMatchObject([
    {
      serviceArn: service.serviceArn,
      clusterArn: service.clusterArn,
      status: 'SUCCESSFUL',
      startedAt: expect.any(Date),
      finishedAt: expect.any(Date),
      sourceServiceRevisions: [{ arn: initial?.targetServiceRevisionArn, requestedTaskCount: 0, runningTaskCount: 0 }],
      targetServiceRevision: { arn: latest?.targetServiceRevisionArn, requestedTaskCount: 2, runningTaskCount: 2 },
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
      deploymentCircuitBreaker: { status: 'DISABLED' },
      alarms: { status: 'DISABLED' },
    },
  ]);
  expect(described.failures).toEqual([{ arn: `${latest?.serviceDeploymentArn}x`, reason: 'MISSING' }]);
  const revisions = await client.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [initial?.targetServiceRevisionArn ?? ''] }),
  );
  expect(revisions.serviceRevisions).toMatchObject([
    {
      serviceArn: service.serviceArn,
      taskDefinition: expect.stringMatching(new RegExp(`/${first}$`)),
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      platformFamily: 'Linux',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      containerImages: [{ containerName: 'app', image: 'busybox' }],
    },
  ]);
});

test('the history is listed by status, time and page', async ({ bench, services }) => {
  const { client, cluster } = bench;
  await services.create({ taskDefinition: await bench.register([server()]), desiredCount: 0 });
  await services.completed();
  await services.update({ forceNewDeployment: true });
  await services.completed();
  const list = async (input: object) => {
    const { serviceDeployments = [], nextToken } = await client.send(
      new ListServiceDeploymentsCommand({ cluster, service: 'web', ...input }),
    );
    return { count: serviceDeployments.length, nextToken };
  };
  expect(await list({ status: ['SUCCESSFUL'] })).toMatchObject({ count: 2 });
  expect(await list({ status: ['IN_PROGRESS'] })).toMatchObject({ count: 0 });
  expect(await list({ createdAt: { before: new Date(0) } })).toMatchObject({ count: 0 });
  const { count, nextToken } = await list({ maxResults: 1 });
  expect({ count, nextToken }).toEqual({ count: 1, nextToken: expect.any(String) });
  expect(await list({ maxResults: 1, nextToken })).toEqual({ count: 1, nextToken: undefined });
  await expect(list({ service: 'missing' })).rejects.toMatchObject({ name: 'ServiceNotFoundException' });
});

test('a deployment that is stopped is rolled back', async ({ bench, services }) => {
  const { client, cluster } = bench;
  const good = await bench.register([server()]);
  await services.create({ taskDefinition: good });
  await services.completed();
  // It never becomes healthy, so that its deployment goes on.
  const healthCheck = { command: ['CMD', 'false'], startPeriod: 300 };
  await services.update({ taskDefinition: await bench.register([{ ...server(), healthCheck }]) });
  const { serviceDeployments } = await client.send(
    new ListServiceDeploymentsCommand({ cluster, service: 'web', status: ['IN_PROGRESS'] }),
  );
  const serviceDeploymentArn = serviceDeployments?.[0]?.serviceDeploymentArn ?? '';
  const stop = () => client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
  expect(await stop()).toMatchObject({ serviceDeploymentArn });
  const service = await services.completed();
  expect(service.taskDefinition).toMatch(new RegExp(`/${good}$`));
  const described = await client.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [serviceDeploymentArn] }),
  );
  expect(described.serviceDeployments).toMatchObject([
    {
      status: 'ROLLBACK_SUCCESSFUL',
      rollback: { startedAt: expect.any(Date), serviceRevisionArn: service.currentServiceRevisions?.[0]?.arn },
    },
  ]);
  await expect(stop()).rejects.toMatchObject({ name: 'ConflictException' });
  await expect(
    client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: `${serviceDeploymentArn}x` })),
  ).rejects.toMatchObject({ name: 'ServiceDeploymentNotFoundException' });
});

test('the circuit breaker of a service deployment tells what it counted', async ({ bench, services }) => {
  const { client, cluster } = bench;
  await services.create({
    taskDefinition: await bench.register([{ ...server(), command: ['sh', '-c', 'exit 1'] }]),
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  });
  const latest = async () => {
    const { serviceDeployments } = await client.send(new ListServiceDeploymentsCommand({ cluster, service: 'web' }));
    const { serviceDeploymentArn = '' } = serviceDeployments?.[0] ?? {};
    const described = await client.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [serviceDeploymentArn] }),
    );
    return described.serviceDeployments?.[0];
  };
  await expect.poll(async () => (await latest())?.status, { timeout: 20_000 }).toBe('ROLLBACK_FAILED');
  expect(await latest()).toMatchObject({
    statusReason: 'No rollback candidate was found to run the rollback.',
    deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
  });
});
