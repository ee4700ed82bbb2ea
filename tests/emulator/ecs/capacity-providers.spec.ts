import {
  CreateCapacityProviderCommand,
  type CreateCapacityProviderCommandInput,
  CreateClusterCommand,
  DeleteCapacityProviderCommand,
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  type ECSClient,
  ListTagsForResourceCommand,
  PutClusterCapacityProvidersCommand,
  RegisterContainerInstanceCommand,
  UpdateCapacityProviderCommand,
} from '@aws-sdk/client-ecs';
import { expect, refusalOf, test } from './own-region-test.ts';

const create = (client: ECSClient, name: string, more: Partial<CreateCapacityProviderCommandInput> = {}) =>
  client.send(
    new CreateCapacityProviderCommand({ name, autoScalingGroupProvider: { autoScalingGroupArn: name }, ...more }),
  );

test('FARGATE and FARGATE_SPOT are always there', async ({ client, region }) => {
  const { capacityProviders } = await client.send(new DescribeCapacityProvidersCommand({}));
  expect(capacityProviders).toEqual(
    ['FARGATE', 'FARGATE_SPOT'].map((name) => ({
      capacityProviderArn: `arn:aws:ecs:${region}:123456789012:capacity-provider/${name}`,
      name,
      status: 'ACTIVE',
      type: name,
      tags: [],
    })),
  );
});

test('an Auto Scaling group provider is kept with its defaults', async ({ client, region }) => {
  const { capacityProvider } = await create(client, 'group', {
    autoScalingGroupProvider: {
      autoScalingGroupArn: 'group',
      managedScaling: { status: 'ENABLED', targetCapacity: 5, maximumScalingStepSize: 2 },
    },
    tags: [{ key: 'a', value: '1' }],
  });
  expect(capacityProvider).toEqual({
    capacityProviderArn: `arn:aws:ecs:${region}:123456789012:capacity-provider/group`,
    name: 'group',
    status: 'ACTIVE',
    type: 'EC2_AUTOSCALING',
    autoScalingGroupProvider: {
      autoScalingGroupArn: 'group',
      managedScaling: {
        status: 'ENABLED',
        targetCapacity: 5,
        minimumScalingStepSize: 1,
        maximumScalingStepSize: 2,
        instanceWarmupPeriod: 300,
      },
      managedTerminationProtection: 'DISABLED',
      managedDraining: 'ENABLED',
    },
    tags: [{ key: 'a', value: '1' }],
  });
  const { capacityProviders: brief } = await client.send(
    new DescribeCapacityProvidersCommand({ capacityProviders: ['group'] }),
  );
  expect(brief).toEqual([{ ...capacityProvider, tags: [] }]);
  const { capacityProviders: full } = await client.send(
    new DescribeCapacityProvidersCommand({ capacityProviders: ['group'], include: ['TAGS'] }),
  );
  expect(full).toEqual([capacityProvider]);
});

test('an update changes what it names and nothing else', async ({ client }) => {
  await create(client, 'group', {
    autoScalingGroupProvider: {
      autoScalingGroupArn: 'group',
      managedScaling: { status: 'ENABLED', targetCapacity: 80 },
    },
  });
  const { capacityProvider } = await client.send(
    new UpdateCapacityProviderCommand({
      name: 'group',
      autoScalingGroupProvider: { managedScaling: { instanceWarmupPeriod: 0 }, managedDraining: 'DISABLED' },
    }),
  );
  expect(capacityProvider?.autoScalingGroupProvider).toMatchObject({
    autoScalingGroupArn: 'group',
    managedScaling: { status: 'ENABLED', targetCapacity: 80, instanceWarmupPeriod: 0 },
    managedDraining: 'DISABLED',
  });
});

for (const [what, name, more, code] of [
  ['a name of AWS', 'aws-group', {}, 'InvalidParameterException'],
  ['a name of Fargate', 'FargateMine', {}, 'InvalidParameterException'],
  ['a name with a space', 'a b', {}, 'InvalidParameterException'],
  ['a name of 256 characters', 'a'.repeat(256), {}, 'InvalidParameterException'],
  ['no Auto Scaling group', 'mine', { autoScalingGroupProvider: undefined }, 'ClientException'],
  [
    'a target above 100 %',
    'mine',
    { autoScalingGroupProvider: { autoScalingGroupArn: 'g', managedScaling: { targetCapacity: 101 } } },
    'InvalidParameterException',
  ],
  [
    'steps the wrong way round',
    'mine',
    {
      autoScalingGroupProvider: {
        autoScalingGroupArn: 'g',
        managedScaling: { minimumScalingStepSize: 3, maximumScalingStepSize: 2 },
      },
    },
    'InvalidParameterException',
  ],
  [
    'termination protection without managed scaling',
    'mine',
    { autoScalingGroupProvider: { autoScalingGroupArn: 'g', managedTerminationProtection: 'ENABLED' } },
    'InvalidParameterException',
  ],
] as const) {
  test(`${what} is refused`, async ({ client }) => {
    expect((await refusalOf(create(client, name, more))).name).toBe(code);
    const { capacityProviders } = await client.send(new DescribeCapacityProvidersCommand({}));
    expect(capacityProviders).toHaveLength(2);
  });
}

test('a name and a group are used once', async ({ client }) => {
  await create(client, 'group');
  expect((await refusalOf(create(client, 'group'))).message).toContain('already exists');
  const refusal = await refusalOf(
    create(client, 'another', { autoScalingGroupProvider: { autoScalingGroupArn: 'group' } }),
  );
  expect(refusal.message).toContain('already being used by another capacity provider');
});

test('a deleted capacity provider is INACTIVE where it is named, and its name and group are free', async ({
  client,
  region,
}) => {
  const capacityProviderArn = `arn:aws:ecs:${region}:123456789012:capacity-provider/group`;
  await create(client, 'group', { tags: [{ key: 'a', value: '1' }] });
  const { capacityProvider } = await client.send(new DeleteCapacityProviderCommand({ capacityProvider: 'group' }));
  expect(capacityProvider).toMatchObject({ name: 'group', status: 'ACTIVE', updateStatus: 'DELETE_IN_PROGRESS' });
  const { capacityProviders, failures } = await client.send(
    new DescribeCapacityProvidersCommand({
      capacityProviders: ['group', capacityProviderArn, 'missing'],
      include: ['TAGS'],
    }),
  );
  const deleted = { name: 'group', status: 'INACTIVE', updateStatus: 'DELETE_COMPLETE', tags: [] };
  expect(capacityProviders).toMatchObject([deleted, deleted]);
  expect(failures).toEqual([
    { arn: `arn:aws:ecs:${region}:123456789012:capacity-provider/missing`, reason: 'MISSING' },
  ]);
  const unnamed = await client.send(new DescribeCapacityProvidersCommand({}));
  expect(unnamed.capacityProviders?.map(({ name }) => name)).toEqual(['FARGATE', 'FARGATE_SPOT']);
  const refusals = await Promise.all(
    [
      client.send(new DeleteCapacityProviderCommand({ capacityProvider: 'group' })),
      client.send(new UpdateCapacityProviderCommand({ name: 'group', autoScalingGroupProvider: {} })),
      client.send(new CreateClusterCommand({ capacityProviders: ['group'] })),
      client.send(new ListTagsForResourceCommand({ resourceArn: capacityProviderArn })),
    ].map(refusalOf),
  );
  expect(refusals.map(({ name }) => name)).toEqual([
    'ClientException',
    'ClientException',
    'InvalidParameterException',
    'ClientException',
  ]);
  await create(client, 'heir', { autoScalingGroupProvider: { autoScalingGroupArn: 'group' } });
  const { capacityProvider: anew } = await create(client, 'group', {
    autoScalingGroupProvider: { autoScalingGroupArn: 'other' },
  });
  expect(anew).toMatchObject({ status: 'ACTIVE', tags: [] });
  expect(anew?.updateStatus).toBeUndefined();
  const { capacityProviders: listed } = await client.send(new DescribeCapacityProvidersCommand({}));
  expect(listed?.map(({ name }) => name)).toEqual(['heir', 'group', 'FARGATE', 'FARGATE_SPOT']);
});

test('a capacity provider of a cluster, one of Fargate and one that is missing cannot be deleted', async ({
  client,
}) => {
  await create(client, 'group');
  await client.send(new CreateClusterCommand({ capacityProviders: ['group'] }));
  const { clusters } = await client.send(new DescribeClustersCommand({ include: ['ATTACHMENTS'] }));
  expect(clusters?.[0]).toMatchObject({
    attachmentsStatus: 'UPDATE_COMPLETE',
    attachments: [{ status: 'CREATED', details: [{ name: 'capacityProviderName', value: 'group' }] }],
  });
  const refuse = (capacityProvider: string) =>
    refusalOf(client.send(new DeleteCapacityProviderCommand({ capacityProvider })));
  expect((await refuse('group')).message).toContain('it is associated with cluster: default');
  expect((await refuse('FARGATE')).name).toBe('ClientException');
  expect((await refuse('missing')).name).toBe('ClientException');

  await client.send(
    new PutClusterCapacityProvidersCommand({
      cluster: 'default',
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
    }),
  );
  await client.send(new DeleteCapacityProviderCommand({ capacityProvider: 'group' }));
});

test('capacity providers come in pages of ten, or those of one cluster', async ({ client }) => {
  const names = Array.from({ length: 10 }, (_, index) => `group-${index}`);
  for (const name of names) {
    await create(client, name);
  }
  const first = await client.send(new DescribeCapacityProvidersCommand({}));
  expect(first.capacityProviders?.map(({ name }) => name)).toEqual(names);
  const second = await client.send(new DescribeCapacityProvidersCommand({ nextToken: first.nextToken }));
  expect(second.capacityProviders?.map(({ name }) => name)).toEqual(['FARGATE', 'FARGATE_SPOT']);
  await client.send(new CreateClusterCommand({ capacityProviders: ['group-3', 'FARGATE'] }));
  const { capacityProviders } = await client.send(new DescribeCapacityProvidersCommand({ cluster: 'default' }));
  expect(capacityProviders?.map(({ name }) => name)).toEqual(['group-3', 'FARGATE']);
});

test('container instances belong to the capacity provider that they are added for, or to the only one', async ({
  client,
  emulator,
  region,
}) => {
  await create(client, 'blue');
  await create(client, 'green');
  await client.send(new CreateClusterCommand({ capacityProviders: ['blue', 'green', 'FARGATE'] }));
  const add = async (body: Record<string, unknown>) => {
    const response = await fetch(`${emulator.endpoint}/_testbed/ecs/container-instances`, {
      method: 'POST',
      body: JSON.stringify({ region, ...body }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string[]> };
  };
  const providerOf = async (containerInstance: string | undefined) => {
    const { containerInstances } = await client.send(
      new DescribeContainerInstancesCommand({ containerInstances: [containerInstance ?? ''] }),
    );
    expect(containerInstances).toHaveLength(1);
    return containerInstances?.[0]?.capacityProviderName;
  };
  const green = await add({ capacityProvider: 'green' });
  expect(await providerOf(green.body['containerInstanceArns']?.[0])).toBe('green');
  const neither = await add({});
  expect(await providerOf(neither.body['containerInstanceArns']?.[0])).toBeUndefined();
  expect(await add({ capacityProvider: 'red' })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('PutClusterCapacityProviders') },
  });

  const onlyBlue = { capacityProviders: ['blue', 'FARGATE'], defaultCapacityProviderStrategy: [] };
  await client.send(new PutClusterCapacityProvidersCommand({ cluster: 'default', ...onlyBlue }));
  const { containerInstance } = await client.send(new RegisterContainerInstanceCommand({}));
  expect(containerInstance?.capacityProviderName).toBe('blue');
  const external = JSON.stringify({ instanceId: 'mi-0123456789abcdef0' });
  const registered = await client.send(new RegisterContainerInstanceCommand({ instanceIdentityDocument: external }));
  expect(registered.containerInstance?.capacityProviderName).toBeUndefined();
});
