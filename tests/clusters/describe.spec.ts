import { CreateClusterCommand, DescribeClustersCommand, paginateListClusters } from '@aws-sdk/client-ecs';
import { expect, test } from '../../fixtures/index.ts';

test('a cluster is described by its name', async ({ aws, cluster }) => {
  const { clusters, failures } = await aws.ecs.send(new DescribeClustersCommand({ clusters: [cluster.name] }));

  expect(clusters).toEqual([
    expect.objectContaining({ clusterName: cluster.name, clusterArn: cluster.arn, status: 'ACTIVE' }),
  ]);
  expect(failures).toEqual([]);
});

test('a cluster is described by its ARN', async ({ aws, cluster }) => {
  const { clusters } = await aws.ecs.send(new DescribeClustersCommand({ clusters: [cluster.arn] }));

  expect(clusters).toEqual([expect.objectContaining({ clusterName: cluster.name, clusterArn: cluster.arn })]);
});

test('several are described at once, by name and by ARN', async ({ aws, cluster, namespace }) => {
  const { cluster: second } = await aws.ecs.send(new CreateClusterCommand({ clusterName: `${namespace}-second` }));

  const { clusters } = await aws.ecs.send(
    new DescribeClustersCommand({ clusters: [cluster.name, String(second?.clusterArn)] }),
  );
  expect(clusters?.map(({ clusterName }) => clusterName).toSorted()).toEqual([namespace, `${namespace}-second`]);
});

test('a cluster that is not there is a MISSING failure beside those that are', async ({
  aws,
  cluster,
  environment,
}) => {
  const missing = `${cluster.name}-missing`;

  const { clusters, failures } = await aws.ecs.send(new DescribeClustersCommand({ clusters: [cluster.name, missing] }));
  expect(clusters?.map(({ clusterName }) => clusterName)).toEqual([cluster.name]);
  expect(failures).toEqual([
    {
      arn: `arn:${environment.partition}:ecs:${environment.region}:${environment.account}:cluster/${missing}`,
      reason: 'MISSING',
    },
  ]);
});

test('settings, configuration and tags are described only when they are asked for', async ({ aws, namespace }) => {
  await aws.ecs.send(
    new CreateClusterCommand({
      clusterName: namespace,
      settings: [{ name: 'containerInsights', value: 'enabled' }],
      configuration: { executeCommandConfiguration: { logging: 'DEFAULT' } },
      tags: [{ key: 'team', value: 'platform' }],
    }),
  );

  const plain = await aws.ecs.send(new DescribeClustersCommand({ clusters: [namespace] }));
  const full = await aws.ecs.send(
    new DescribeClustersCommand({ clusters: [namespace], include: ['SETTINGS', 'CONFIGURATIONS', 'TAGS'] }),
  );

  expect(plain.clusters).toEqual([expect.objectContaining({ settings: [], tags: [] })]);
  expect(plain.clusters?.[0]).not.toHaveProperty('configuration');
  expect(full.clusters).toEqual([
    expect.objectContaining({
      settings: [{ name: 'containerInsights', value: 'enabled' }],
      configuration: { executeCommandConfiguration: { logging: 'DEFAULT' } },
      tags: [{ key: 'team', value: 'platform' }],
    }),
  ]);
});

test('more than 100 clusters at once are refused', async ({ aws, namespace }) => {
  const clusters = Array.from({ length: 101 }, (_, index) => `${namespace}-${index}`);

  await expect(aws.ecs.send(new DescribeClustersCommand({ clusters }))).toBeAwsError('InvalidParameterException', {
    status: 400,
  });
});

const malformed = [
  { kind: 'ends after the service', arn: 'arn:aws:ecs' },
  { kind: 'ends after the region', arn: 'arn:aws:ecs:us-east-1' },
  { kind: 'ends after the account', arn: 'arn:aws:ecs:us-east-1:123456789012' },
  { kind: 'names another type of resource', arn: 'arn:aws:ecs:us-east-1:123456789012:wrongtype/a' },
];
for (const { kind, arn } of malformed) {
  test(`an ARN that ${kind} is refused`, async ({ aws }) => {
    // AWS calls it one or the other, depending on where the ARN breaks off.
    await expect(aws.ecs.send(new DescribeClustersCommand({ clusters: [arn] }))).toBeAwsError(
      /^(InvalidParameterException|ClientException)$/,
      { status: 400 },
    );
  });
}

test('lists of clusters come in pages of the size that is asked for', async ({ aws, cluster, namespace }) => {
  const more = [`${namespace}-b`, `${namespace}-c`];
  for (const clusterName of more) await aws.ecs.send(new CreateClusterCommand({ clusterName }));

  const pages: string[][] = [];
  for await (const page of paginateListClusters({ client: aws.ecs, pageSize: 1 }, {})) {
    pages.push(page.clusterArns ?? []);
  }

  expect(pages.every((page) => page.length <= 1)).toBe(true);
  const names = pages.flat().map((arn) => arn.split('/').at(-1));
  expect(names).toEqual(expect.arrayContaining([cluster.name, ...more]));
  expect(new Set(names).size).toBe(names.length);
});

test('a token for the next page that was never given out is refused', async ({ aws, cluster }) => {
  const pages = paginateListClusters({ client: aws.ecs, startingToken: `not-a-token-of-${cluster.name}` }, {});

  await expect(() => pages.next()).toBeAwsError('InvalidParameterException', { status: 400 });
});
