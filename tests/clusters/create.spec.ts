import { CreateClusterCommand, DescribeClustersCommand, ListClustersCommand } from '@aws-sdk/client-ecs';
import { expect, test } from '../../fixtures/index.ts';

test.describe('without container instances', () => {
  test.use({ requires: ['ecs:clusters-start-empty'] });

  test('a new cluster is active and empty', async ({ aws, environment, namespace }) => {
    const { cluster } = await aws.ecs.send(new CreateClusterCommand({ clusterName: namespace }));

    expect(cluster).toMatchObject({
      clusterName: namespace,
      clusterArn: `arn:${environment.partition}:ecs:${environment.region}:${environment.account}:cluster/${namespace}`,
      status: 'ACTIVE',
      registeredContainerInstancesCount: 0,
      runningTasksCount: 0,
      pendingTasksCount: 0,
      activeServicesCount: 0,
    });
  });
});

test('a new cluster is listed', async ({ aws, cluster }) => {
  const { clusterArns } = await aws.ecs.send(new ListClustersCommand({}));

  expect(clusterArns).toContain(cluster.arn);
});

test('creating a cluster again answers with the one there is', async ({ aws, cluster, namespace }) => {
  const { cluster: again } = await aws.ecs.send(new CreateClusterCommand({ clusterName: namespace }));
  const { clusterArns } = await aws.ecs.send(new ListClustersCommand({}));

  expect(again).toMatchObject({ clusterArn: cluster.arn, status: 'ACTIVE' });
  expect(clusterArns?.filter((arn) => arn === cluster.arn)).toHaveLength(1);
});

const acceptedSuffixes = [
  { kind: 'hyphens and digits', suffix: '-2026-11-21' },
  { kind: 'underscores', suffix: '_blue_green' },
  { kind: 'upper-case letters', suffix: '-Production' },
];
for (const { kind, suffix } of acceptedSuffixes) {
  test(`a name may have ${kind}`, async ({ aws, namespace }) => {
    const clusterName = `${namespace}${suffix}`;
    await aws.ecs.send(new CreateClusterCommand({ clusterName }));

    const { clusters } = await aws.ecs.send(new DescribeClustersCommand({ clusters: [clusterName] }));
    expect(clusters).toEqual([expect.objectContaining({ clusterName, status: 'ACTIVE' })]);
  });
}

test('a name may have 255 characters', async ({ aws, namespace }) => {
  const clusterName = namespace.padEnd(255, 'x');
  const { cluster } = await aws.ecs.send(new CreateClusterCommand({ clusterName }));

  expect(cluster).toMatchObject({ clusterName, status: 'ACTIVE' });
});

test('a name of 256 characters is refused', async ({ aws, namespace }) => {
  const clusterName = namespace.padEnd(256, 'x');

  await expect(aws.ecs.send(new CreateClusterCommand({ clusterName }))).toBeAwsError('InvalidParameterException', {
    status: 400,
  });
});

for (const character of ['@', ' ', '/', '\\', ':', '*', '?', '#', '%', '.']) {
  test(`a name with "${character}" is refused`, async ({ aws, namespace }) => {
    const clusterName = `${namespace}${character}a`;

    await expect(aws.ecs.send(new CreateClusterCommand({ clusterName }))).toBeAwsError('InvalidParameterException', {
      status: 400,
    });
  });
}
