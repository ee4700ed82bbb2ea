import { CreateClusterCommand, DescribeClustersCommand, PutClusterCapacityProvidersCommand } from '@aws-sdk/client-ecs';
import { expect, test } from '../../fixtures/index.ts';

test('a cluster is created with capacity providers and a default strategy', async ({ aws, namespace }) => {
  const { cluster } = await aws.ecs.send(
    new CreateClusterCommand({
      clusterName: namespace,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 1 }],
    }),
  );

  expect(cluster?.capacityProviders?.toSorted()).toEqual(['FARGATE', 'FARGATE_SPOT']);
  expect(cluster?.defaultCapacityProviderStrategy).toEqual([{ capacityProvider: 'FARGATE', weight: 1, base: 1 }]);
});

test('providers and strategy are replaced together', async ({ aws, cluster }) => {
  await aws.ecs.send(
    new PutClusterCapacityProvidersCommand({
      cluster: cluster.name,
      capacityProviders: ['FARGATE'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    }),
  );
  await aws.ecs.send(
    new PutClusterCapacityProvidersCommand({
      cluster: cluster.name,
      capacityProviders: ['FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 4 }],
    }),
  );

  const { clusters } = await aws.ecs.send(new DescribeClustersCommand({ clusters: [cluster.name] }));
  expect(clusters).toEqual([
    expect.objectContaining({
      capacityProviders: ['FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 4, base: 0 }],
    }),
  ]);
});

test('a capacity provider that there is not is refused', async ({ aws, cluster }) => {
  await expect(
    aws.ecs.send(
      new PutClusterCapacityProvidersCommand({
        cluster: cluster.name,
        capacityProviders: ['STEAM_ENGINE'],
        defaultCapacityProviderStrategy: [],
      }),
    ),
  ).toBeAwsError('InvalidParameterException', { status: 400 });
});

test('a strategy with a provider that the cluster does not have is refused', async ({ aws, cluster }) => {
  await expect(
    aws.ecs.send(
      new PutClusterCapacityProvidersCommand({
        cluster: cluster.name,
        capacityProviders: ['FARGATE'],
        defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      }),
    ),
  ).toBeAwsError('InvalidParameterException', { status: 400 });
});

for (const strategy of [{ weight: -1 }, { weight: 1_001 }, { weight: 1, base: -5 }, { weight: 1, base: 100_001 }]) {
  test(`a strategy with ${JSON.stringify(strategy)} is refused`, async ({ aws, cluster }) => {
    await expect(
      aws.ecs.send(
        new PutClusterCapacityProvidersCommand({
          cluster: cluster.name,
          capacityProviders: ['FARGATE'],
          defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', ...strategy }],
        }),
      ),
    ).toBeAwsError('InvalidParameterException', { status: 400 });
  });
}

test('a cluster that is not there gets no capacity providers', async ({ aws, namespace }) => {
  await expect(
    aws.ecs.send(
      new PutClusterCapacityProvidersCommand({
        cluster: `${namespace}-missing`,
        capacityProviders: ['FARGATE'],
        defaultCapacityProviderStrategy: [],
      }),
    ),
  ).toBeAwsError('ClusterNotFoundException');
});
