import { CreateClusterCommand, DeleteClusterCommand, DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { expect, test } from '../../fixtures/index.ts';

// There is one default cluster in a region, so tests of it take turns.
test.describe('the default cluster', { lock: 'default-cluster' }, () => {
  test.use({ requires: ['ecs:default-cluster', 'ecs:clusters-start-empty'] });

  test.beforeEach(({ aws, cleanup }) => {
    cleanup.defer('cluster default', () => aws.ecs.send(new DeleteClusterCommand({ cluster: 'default' })));
  });

  test('is what CreateCluster makes when it is given no name', async ({ aws }) => {
    const { cluster } = await aws.ecs.send(new CreateClusterCommand({}));

    expect(cluster).toMatchObject({
      clusterName: 'default',
      clusterArn: expect.stringMatching(/:cluster\/default$/),
      status: 'ACTIVE',
    });
  });

  test('is what DescribeClusters describes when it is given no cluster', async ({ aws }) => {
    await aws.ecs.send(new CreateClusterCommand({}));

    const { clusters, failures } = await aws.ecs.send(new DescribeClustersCommand({}));
    expect(clusters).toEqual([expect.objectContaining({ clusterName: 'default', status: 'ACTIVE' })]);
    expect(failures).toEqual([]);
  });

  test('can be made by its name as well', async ({ aws }) => {
    const { cluster: unnamed } = await aws.ecs.send(new CreateClusterCommand({}));
    const { cluster: named } = await aws.ecs.send(new CreateClusterCommand({ clusterName: 'default' }));

    expect(named?.clusterArn).toBe(unnamed?.clusterArn);
  });
});
