import {
  CreateClusterCommand,
  DeleteAttributesCommand,
  DeregisterContainerInstanceCommand,
  DescribeContainerInstancesCommand,
  type ECSClient,
  ListAttributesCommand,
  ListContainerInstancesCommand,
  paginateListAttributes,
  PutAttributesCommand,
  RegisterContainerInstanceCommand,
  UpdateContainerAgentCommand,
  UpdateContainerInstancesStateCommand,
} from '@aws-sdk/client-ecs';
import { expect, test } from '../emulator-test.ts';

test.beforeEach(async ({ ecs, uniqueName }) => {
  await ecs.send(new CreateClusterCommand({ clusterName: uniqueName }));
});

test('an instance registers with what its agent says of the machine', async ({ ecs, uniqueName: cluster }) => {
  const { containerInstance } = await ecs.send(
    new RegisterContainerInstanceCommand({
      cluster,
      instanceIdentityDocument: JSON.stringify({
        instanceId: 'i-0123456789abcdef0',
        instanceType: 'm6g.large',
        availabilityZone: 'us-east-1c',
        imageId: 'ami-0123456789abcdef0',
        architecture: 'arm64',
      }),
      instanceIdentityDocumentSignature: 'signed-by-nobody',
      totalResources: [
        { name: 'CPU', type: 'INTEGER', integerValue: 2048 },
        { name: 'MEMORY', type: 'INTEGER', integerValue: 7764 },
        { name: 'PORTS', type: 'STRINGSET', stringSetValue: ['22'] },
      ],
      platformDevices: [{ id: 'GPU-1', type: 'GPU' }],
      versionInfo: { agentVersion: '1.90.0', agentHash: 'abc', dockerVersion: 'DockerVersion: 25.0.6' },
      attributes: [{ name: 'stack', value: 'blue' }],
      tags: [{ key: 'team', value: 'payments' }],
    }),
  );

  expect(containerInstance).toMatchObject({
    containerInstanceArn: expect.stringMatching(
      new RegExp(`^arn:aws:ecs:us-east-1:123456789012:container-instance/${cluster}/[0-9a-f]{32}$`),
    ),
    ec2InstanceId: 'i-0123456789abcdef0',
    status: 'ACTIVE',
    agentConnected: true,
    runningTasksCount: 0,
    pendingTasksCount: 0,
    version: 1,
    versionInfo: { agentVersion: '1.90.0', agentHash: 'abc', dockerVersion: 'DockerVersion: 25.0.6' },
    tags: [{ key: 'team', value: 'payments' }],
    registeredAt: expect.any(Date),
  });
  const resources = new Map(containerInstance?.remainingResources?.map((resource) => [resource.name, resource]));
  // As in the API reference's examples, every kind of value is there.
  const unused = { doubleValue: 0, longValue: 0 };
  expect(resources.get('CPU')).toEqual({ name: 'CPU', type: 'INTEGER', integerValue: 2048, ...unused });
  expect(resources.get('MEMORY')).toMatchObject({ integerValue: 7764 });
  expect(resources.get('PORTS')).toEqual({
    name: 'PORTS',
    type: 'STRINGSET',
    stringSetValue: ['22'],
    integerValue: 0,
    ...unused,
  });
  expect(resources.get('PORTS_UDP')?.stringSetValue).toEqual([]);
  expect(resources.get('GPU')?.stringSetValue).toEqual(['GPU-1']);
  const attributes = new Map(containerInstance?.attributes?.map(({ name, value }) => [name, value]));
  expect(Object.fromEntries(attributes)).toMatchObject({
    'ecs.ami-id': 'ami-0123456789abcdef0',
    'ecs.availability-zone': 'us-east-1c',
    'ecs.cpu-architecture': 'arm64',
    'ecs.instance-type': 'm6g.large',
    'ecs.os-type': 'linux',
    stack: 'blue',
  });
  expect([...attributes.keys()]).toEqual(
    expect.arrayContaining([
      'com.amazonaws.ecs.capability.logging-driver.awslogs',
      'com.amazonaws.ecs.capability.docker-remote-api.1.18',
      'ecs.capability.task-eni',
    ]),
  );
});

test('an agent that restarts registers under the ARN that it has', async ({ ecs, uniqueName: cluster }) => {
  const containerInstanceArn = await register(ecs, cluster);
  const { containerInstance } = await ecs.send(new RegisterContainerInstanceCommand({ cluster, containerInstanceArn }));
  expect(containerInstance).toMatchObject({ containerInstanceArn, version: 2 });
  const { containerInstanceArns } = await ecs.send(new ListContainerInstancesCommand({ cluster }));
  expect(containerInstanceArns).toEqual([containerInstanceArn]);
});

test('registration is refused in an unknown cluster, with a broken document, and under an unknown ARN', async ({
  ecs,
  uniqueName: cluster,
}) => {
  await expect(ecs.send(new RegisterContainerInstanceCommand({ cluster: `${cluster}-x` }))).rejects.toMatchObject({
    name: 'ClusterNotFoundException',
    message: 'Cluster not found.',
  });
  await expect(
    ecs.send(new RegisterContainerInstanceCommand({ cluster, instanceIdentityDocument: '{' })),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(
    ecs.send(new RegisterContainerInstanceCommand({ cluster, containerInstanceArn: `${cluster}/unknown` })),
  ).rejects.toMatchObject({ name: 'ClientException', message: expect.stringContaining('not registered') });
});

test('instances are described by id and ARN, and those that are not there are MISSING', async ({
  ecs,
  uniqueName: cluster,
}) => {
  const first = await register(ecs, cluster, { tags: [{ key: 'team', value: 'payments' }] });
  const second = await register(ecs, cluster);
  const { containerInstances, failures } = await ecs.send(
    new DescribeContainerInstancesCommand({
      cluster,
      containerInstances: [first, idOf(second), 'deadbeef'],
      include: ['TAGS', 'CONTAINER_INSTANCE_HEALTH'],
    }),
  );
  expect(containerInstances?.map(({ containerInstanceArn }) => containerInstanceArn)).toEqual([first, second]);
  expect(containerInstances?.[0]).toMatchObject({
    tags: [{ key: 'team', value: 'payments' }],
    healthStatus: { overallStatus: 'OK', details: [{ type: 'CONTAINER_RUNTIME', status: 'OK' }] },
  });
  expect(failures).toEqual([
    { arn: 'arn:aws:ecs:us-east-1:123456789012:container-instance/deadbeef', reason: 'MISSING' },
  ]);

  const plain = await ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances: [first] }));
  expect(plain.containerInstances?.[0]).not.toHaveProperty('healthStatus');
  expect(plain.containerInstances?.[0]).not.toHaveProperty('tags');
});

test('describing takes at least one instance and at most a hundred', async ({ ecs, uniqueName: cluster }) => {
  const describeInstances = (containerInstances: string[]) =>
    ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances }));
  await expect(describeInstances([])).rejects.toMatchObject({
    name: 'ClientException',
    message: 'Container Instances cannot be empty.',
  });
  await expect(describeInstances(Array.from({ length: 101 }, (_, index) => `id${index}`))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'instanceIds can have at most 100 items.',
  });
});

test('lists come in pages and can be narrowed by status and by a query', async ({ ecs, uniqueName: cluster }) => {
  const blue = [await register(ecs, cluster, { stack: 'blue' }), await register(ecs, cluster, { stack: 'blue' })];
  const green = await register(ecs, cluster, { stack: 'green' });
  await ecs.send(
    new UpdateContainerInstancesStateCommand({ cluster, containerInstances: [idOf(green)], status: 'DRAINING' }),
  );
  const list = async (input: Partial<ConstructorParameters<typeof ListContainerInstancesCommand>[0]>) =>
    ecs.send(new ListContainerInstancesCommand({ cluster, ...input }));

  const page = await list({ maxResults: 2 });
  expect(page.containerInstanceArns).toEqual(blue);
  const rest = await list({ maxResults: 2, nextToken: page.nextToken });
  expect(rest).toMatchObject({ containerInstanceArns: [green] });
  expect(rest.nextToken).toBeUndefined();
  expect((await list({ status: 'DRAINING' })).containerInstanceArns).toEqual([green]);
  expect((await list({ status: 'ACTIVE' })).containerInstanceArns).toEqual(blue);
  expect((await list({ filter: 'attribute:stack == blue' })).containerInstanceArns).toEqual(blue);
  expect((await list({ filter: 'attribute:stack != blue and agentConnected == true' })).containerInstanceArns).toEqual([
    green,
  ]);
  await expect(list({ filter: 'attribute:stack = blue' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('a deregistered instance is INACTIVE, described but no longer listed', async ({ ecs, uniqueName: cluster }) => {
  const arn = await register(ecs, cluster);
  const { containerInstance } = await ecs.send(
    new DeregisterContainerInstanceCommand({ cluster, containerInstance: idOf(arn) }),
  );
  expect(containerInstance).toMatchObject({ containerInstanceArn: arn, status: 'INACTIVE', agentConnected: false });
  expect(await ecs.send(new ListContainerInstancesCommand({ cluster }))).toMatchObject({ containerInstanceArns: [] });
  const described = await ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances: [arn] }));
  expect(described).toMatchObject({ containerInstances: [{ status: 'INACTIVE' }], failures: [] });
  await expect(
    ecs.send(new DeregisterContainerInstanceCommand({ cluster, containerInstance: 'deadbeef' })),
  ).rejects.toMatchObject({ name: 'InvalidParameterException', message: expect.stringContaining('deadbeef') });
});

test('instances go between ACTIVE and DRAINING, and nothing else', async ({ ecs, uniqueName: cluster }) => {
  const arn = await register(ecs, cluster);
  const gone = await register(ecs, cluster);
  await ecs.send(new DeregisterContainerInstanceCommand({ cluster, containerInstance: gone }));
  const update = (status: 'ACTIVE' | 'DRAINING' | 'REGISTERING', containerInstances: string[]) =>
    ecs.send(new UpdateContainerInstancesStateCommand({ cluster, containerInstances, status }));

  expect(await update('DRAINING', [arn, gone, 'deadbeef'])).toMatchObject({
    containerInstances: [{ containerInstanceArn: arn, status: 'DRAINING', version: 2 }],
    failures: [
      { arn: expect.stringMatching(/deadbeef$/), reason: 'MISSING' },
      { arn: gone, reason: 'INACTIVE' },
    ],
  });
  expect(await update('ACTIVE', [arn])).toMatchObject({ containerInstances: [{ status: 'ACTIVE' }], failures: [] });
  await expect(update('REGISTERING', [arn])).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Container instance status should be one of [ACTIVE, DRAINING]',
  });
  await expect(
    update(
      'ACTIVE',
      Array.from({ length: 11 }, () => arn),
    ),
  ).rejects.toMatchObject({
    message: 'instanceIds can have at most 10 items.',
  });
});

test('there is no newer agent to update to', async ({ ecs, uniqueName: cluster }) => {
  const arn = await register(ecs, cluster);
  await expect(ecs.send(new UpdateContainerAgentCommand({ cluster, containerInstance: arn }))).rejects.toMatchObject({
    name: 'NoUpdateAvailableException',
  });
});

test('attributes are put, listed and deleted', async ({ ecs, uniqueName: cluster }) => {
  const first = await register(ecs, cluster);
  const second = await register(ecs, cluster);
  const put = await ecs.send(
    new PutAttributesCommand({
      cluster,
      attributes: [
        { name: 'stack', value: 'blue', targetId: first },
        { name: 'stack', value: 'green', targetId: idOf(second), targetType: 'container-instance' },
        { name: 'drained', targetId: first },
      ],
    }),
  );
  expect(put.attributes).toEqual([
    { name: 'stack', value: 'blue', targetId: first },
    { name: 'stack', value: 'green', targetId: second },
    { name: 'drained', targetId: first },
  ]);
  const list = (input: object) =>
    ecs.send(new ListAttributesCommand({ cluster, targetType: 'container-instance', ...input }));
  expect((await list({ attributeName: 'stack' })).attributes).toHaveLength(2);
  expect((await list({ attributeName: 'stack', attributeValue: 'blue' })).attributes).toEqual([
    { name: 'stack', value: 'blue', targetId: first },
  ]);
  expect((await list({ attributeName: 'ecs.os-type' })).attributes).toHaveLength(2);

  const deleted = await ecs.send(
    new DeleteAttributesCommand({ cluster, attributes: [{ name: 'stack', targetId: first }] }),
  );
  expect(deleted.attributes).toEqual([{ name: 'stack', value: 'blue', targetId: first }]);
  expect((await list({ attributeName: 'stack' })).attributes).toEqual([
    { name: 'stack', value: 'green', targetId: second },
  ]);
});

test('attributes come in pages of a hundred at most', async ({ ecs, uniqueName: cluster }) => {
  await register(ecs, cluster);
  await register(ecs, cluster);
  const pages = paginateListAttributes({ client: ecs, pageSize: 50 }, { cluster, targetType: 'container-instance' });
  const seen: string[] = [];
  const sizes: number[] = [];
  for await (const { attributes = [] } of pages) {
    sizes.push(attributes.length);
    seen.push(...attributes.map(({ name, targetId }) => `${name} ${targetId}`));
  }
  expect(Math.max(...sizes)).toBe(50);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThan(100);
});

test('attributes have limits', async ({ ecs, uniqueName: cluster }) => {
  const arn = await register(ecs, cluster);
  const put = (attributes: { name: string; value?: string; targetId?: string }[]) =>
    ecs.send(new PutAttributesCommand({ cluster, attributes: attributes.map((item) => ({ targetId: arn, ...item })) }));
  const named = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `custom-${from + index}`, value: 'x' }));

  await put(named(0, 10));
  await expect(put([{ name: 'one-more', value: 'x' }])).rejects.toMatchObject({
    name: 'AttributeLimitExceededException',
  });
  // Replacing a value needs no room.
  expect(await put([{ name: 'custom-0', value: 'y' }])).toMatchObject({ attributes: [{ value: 'y' }] });
  await expect(put(named(0, 11))).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(put([])).rejects.toMatchObject({ message: 'attributes can not be empty' });
  await expect(put([{ name: 'with space' }])).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(put([{ name: 'a', value: ' leading' }])).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(put([{ name: 'a', targetId: idOf(arn) }])).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining('targetType'),
  });
  await expect(put([{ name: 'a', targetId: `${arn}0` }])).rejects.toMatchObject({ name: 'TargetNotFoundException' });
});

test('the control route adds simulated instances in one call', async ({ ecs, emulator, uniqueName: cluster }) => {
  const add = async (body: unknown) => {
    const response = await fetch(`${emulator.endpoint}/_testbed/ecs/container-instances`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const added = await add({
    cluster,
    count: 3,
    cpu: 1024,
    memory: 2048,
    instanceType: 'm5.large',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    attributes: { stack: 'blue' },
  });
  expect(added.status).toBe(201);
  const { containerInstanceArns } = await ecs.send(new ListContainerInstancesCommand({ cluster }));
  expect(added.body).toEqual({ containerInstanceArns });
  expect(containerInstanceArns).toHaveLength(3);
  const { attributes } = await ecs.send(
    new ListAttributesCommand({
      cluster,
      targetType: 'container-instance',
      attributeName: 'ecs.availability-zone',
    }),
  );
  expect(attributes?.map(({ value }) => value)).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1a']);

  expect(await add({ cluster: `${cluster}-x` })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('CreateCluster') },
  });
  expect(await add({ cluster, cores: 4 })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('cores') },
  });
});

async function register(
  ecs: ECSClient,
  cluster: string,
  options: { stack?: string; tags?: { key: string; value: string }[] } = {},
): Promise<string> {
  const { containerInstance } = await ecs.send(
    new RegisterContainerInstanceCommand({
      cluster,
      ...(options.stack ? { attributes: [{ name: 'stack', value: options.stack }] } : {}),
      ...(options.tags ? { tags: options.tags } : {}),
    }),
  );
  return containerInstance?.containerInstanceArn ?? '';
}

function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
