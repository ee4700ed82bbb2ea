import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  type ContainerDefinition,
  DeleteServiceCommand,
  ListServicesByNamespaceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateHttpNamespaceCommand,
  CreatePrivateDnsNamespaceCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteNamespaceCommand,
  DeleteServiceCommand as DeleteCloudMapServiceCommand,
  DiscoverInstancesCommand,
  GetOperationCommand,
  type HttpInstanceSummary,
  ListInstancesCommand,
  ListServicesCommand,
  ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery';
import { clientConfig } from '../start-emulator.ts';
import { expect, server, test as base } from './services-test.ts';

/** A namespace of Cloud Map with the name of the test's cluster. */
interface Discovery {
  readonly client: ServiceDiscoveryClient;
  readonly namespace: string;
  readonly namespaceId: string;
  /** Makes a Cloud Map service in it; returns its ARN. */
  readonly registry: (input?: Partial<CreateServiceCommandInput>) => Promise<string>;
  readonly discover: (service?: string) => Promise<HttpInstanceSummary[]>;
}

const test = base.extend<{ discovery: Discovery; isPrivate: boolean }>({
  isPrivate: [false, { option: true }],
  discovery: async ({ bench: { cluster: namespace, emulator }, isPrivate }, use) => {
    const client = new ServiceDiscoveryClient({ ...clientConfig(emulator), disableHostPrefix: true });
    const { OperationId } = isPrivate
      ? await client.send(new CreatePrivateDnsNamespaceCommand({ Name: namespace, Vpc: 'vpc-1' }))
      : await client.send(new CreateHttpNamespaceCommand({ Name: namespace }));
    const { Operation } = await client.send(new GetOperationCommand({ OperationId }));
    const namespaceId = Operation?.Targets?.NAMESPACE ?? '';
    await use({
      client,
      namespace,
      namespaceId,
      registry: async (input = {}) => {
        const { Service } = await client.send(
          new CreateServiceCommand({ Name: 'backend', NamespaceId: namespaceId, ...input }),
        );
        return Service?.Arn ?? '';
      },
      discover: async (ServiceName = 'backend') => {
        const found = await client.send(
          new DiscoverInstancesCommand({ NamespaceName: namespace, ServiceName, HealthStatus: 'ALL' }),
        );
        return found.Instances ?? [];
      },
    });
    client.destroy();
  },
});

/** An HTTP server in a container, which answers with a word. */
const answering = (word: string): ContainerDefinition => ({
  name: 'app',
  image: 'node:20-slim',
  command: [
    'node',
    '-e',
    `require('node:http').createServer((_, answer) => answer.end('${word}')).listen(process.env.PORT ?? 8080)`,
  ],
  portMappings: [{ containerPort: 8080, name: 'http' }],
});

const soon = { timeout: 20_000, intervals: [10, 20, 50, 100] };

test('each task of a service is registered where it can be reached, and deregistered when it stops', async ({
  bench,
  services,
  discovery,
}) => {
  const registryArn = await discovery.registry();
  const taskDefinition = await bench.register([answering('hello')]);
  await services.create({
    taskDefinition,
    desiredCount: 2,
    serviceRegistries: [{ registryArn, containerName: 'app', containerPort: 8080 }],
  });
  await services.completed();
  const instances = await discovery.discover();
  const tasks = await services.tasks();
  expect(new Set(instances.map(({ InstanceId }) => InstanceId))).toEqual(
    new Set(tasks.map(({ taskArn }) => taskArn?.split('/').at(-1))),
  );
  expect(instances).toHaveLength(2);
  for (const { Attributes = {} } of instances) {
    expect(Attributes).toMatchObject({
      AWS_INSTANCE_IPV4: '127.0.0.1',
      AVAILABILITY_ZONE: expect.stringMatching(/^us-east-1[a-z]$/),
      ECS_CLUSTER_NAME: bench.cluster,
      ECS_SERVICE_NAME: 'web',
      ECS_TASK_DEFINITION_FAMILY: taskDefinition.split(':')[0],
      REGION: 'us-east-1',
    });
    await expect(async () => {
      const url = `http://${Attributes['AWS_INSTANCE_IPV4']}:${Attributes['AWS_INSTANCE_PORT']}/`;
      expect(await (await fetch(url)).text()).toBe('hello');
    }).toPass(soon);
  }
  await services.update({ desiredCount: 0 });
  await expect(async () => expect(await discovery.discover()).toEqual([])).toPass(soon);
});

test('the health of an instance follows that of its task', async ({ bench, services, discovery }) => {
  let isHealthy = false;
  const judge = createServer((_, answer) => answer.writeHead(isHealthy ? 200 : 500).end()).listen(0, '127.0.0.1');
  await once(judge, 'listening');
  const { port } = judge.address() as AddressInfo;
  const registryArn = await discovery.registry({ HealthCheckCustomConfig: {} });
  const check = `fetch('http://127.0.0.1:${port}').then(({ ok }) => process.exit(ok ? 0 : 1))`;
  const taskDefinition = await bench.register([
    {
      ...server(),
      image: 'node:20-slim',
      healthCheck: { command: ['CMD', 'node', '-e', check], interval: 5, retries: 10 },
    },
  ]);
  await services.create({ taskDefinition, serviceRegistries: [{ registryArn }] });
  await expect(async () => expect(await discovery.discover()).toMatchObject([{ HealthStatus: 'UNHEALTHY' }])).toPass(
    soon,
  );
  isHealthy = true;
  await expect(async () => expect(await discovery.discover()).toMatchObject([{ HealthStatus: 'HEALTHY' }])).toPass(
    soon,
  );
  judge.close();
});

test('tasks of a new deployment are registered with its registry', async ({ bench, services, discovery }) => {
  const [first, second] = [await discovery.registry(), await discovery.registry({ Name: 'other' })];
  const taskDefinition = await bench.register([server()]);
  await services.create({ taskDefinition, serviceRegistries: [{ registryArn: first }] });
  await services.completed();
  expect(await discovery.discover()).toHaveLength(1);
  await services.update({ serviceRegistries: [{ registryArn: second }] });
  await expect(async () => {
    expect(await discovery.discover()).toEqual([]);
    expect(await discovery.discover('other')).toHaveLength(1);
  }).toPass(soon);
});

test('a registry that does not exist is refused', async ({ bench, services, discovery }) => {
  const existing = await discovery.registry();
  const registryArn = existing.replace(/srv-.*/, 'srv-none');
  const taskDefinition = await bench.register([server()]);
  await expect(services.create({ taskDefinition, serviceRegistries: [{ registryArn }] })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining(registryArn),
  });
  await expect(
    services.create({ taskDefinition, serviceRegistries: [{ registryArn: existing }, { registryArn: existing }] }),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test.describe('in a private DNS namespace', () => {
  test.use({ isPrivate: true });

  test('a port is given for SRV records, and for no others', async ({ bench, services, discovery }) => {
    const a = await discovery.registry({ DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 10 }] } });
    const srv = await discovery.registry({ Name: 'srv', DnsConfig: { DnsRecords: [{ Type: 'SRV', TTL: 10 }] } });
    const taskDefinition = await bench.register([answering('hello')]);
    await expect(
      services.create({
        taskDefinition,
        serviceRegistries: [{ registryArn: a, containerName: 'app', containerPort: 8080 }],
      }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(
        "The values specified for serviceRegistries do not require a value for 'containerPort'. Remove the value and retry.",
      ),
    });
    await expect(services.create({ taskDefinition, serviceRegistries: [{ registryArn: srv }] })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await services.create({ taskDefinition, serviceRegistries: [{ registryArn: srv, port: 8080 }] });
    await services.completed();
    const [instance] = await discovery.discover('srv');
    expect(instance?.Attributes).toHaveProperty('AWS_INSTANCE_PORT', expect.stringMatching(/^\d+$/));
  });
});

test('Service Connect registers a discovery name, which goes with the service', async ({
  bench,
  services,
  discovery,
}) => {
  const { client, namespace, namespaceId } = discovery;
  const taskDefinition = await bench.register([answering('hello')]);
  const connect = { enabled: true, namespace, services: [{ portName: 'http', discoveryName: 'greeter' }] };
  const { serviceArn } = await services.create({ taskDefinition, serviceConnectConfiguration: connect });
  await services.completed();
  expect(await discovery.discover('greeter')).toMatchObject([{ Attributes: { ECS_SERVICE_NAME: 'web' } }]);
  const byNamespace = await bench.client.send(new ListServicesByNamespaceCommand({ namespace }));
  expect(byNamespace.serviceArns).toEqual([serviceArn]);
  const Filters = [{ Name: 'NAMESPACE_ID' as const, Values: [namespaceId] }];
  const { Services = [] } = await client.send(new ListServicesCommand({ Filters }));
  expect(Services).toMatchObject([{ Name: 'greeter', Type: 'HTTP' }]);
  await bench.client.send(new DeleteServiceCommand({ cluster: bench.cluster, service: 'web', force: true }));
  await expect(async () =>
    expect((await client.send(new ListServicesCommand({ Filters }))).Services).toEqual([]),
  ).toPass(soon);
  await client.send(new DeleteNamespaceCommand({ Id: namespaceId }));
});

test('Service Connect refuses a port that the task definition does not name', async ({
  bench,
  services,
  discovery,
}) => {
  const taskDefinition = await bench.register([answering('hello')]);
  const serviceConnectConfiguration = {
    enabled: true,
    namespace: discovery.namespace,
    services: [{ portName: 'grpc' }],
  };
  await expect(services.create({ taskDefinition, serviceConnectConfiguration })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: "portName 'grpc' does not refer to any named PortMapping in the task definition.",
  });
});

test('a stopped service leaves a registry that can be deleted', async ({ bench, services, discovery }) => {
  const registryArn = await discovery.registry();
  const taskDefinition = await bench.register([server()]);
  await services.create({ taskDefinition, serviceRegistries: [{ registryArn }] });
  await services.completed();
  await bench.client.send(new UpdateServiceCommand({ cluster: bench.cluster, service: 'web', desiredCount: 0 }));
  await expect(async () => {
    const { Instances } = await discovery.client.send(new ListInstancesCommand({ ServiceId: registryArn }));
    expect(Instances).toEqual([]);
  }).toPass(soon);
  await discovery.client.send(new DeleteCloudMapServiceCommand({ Id: registryArn }));
});
