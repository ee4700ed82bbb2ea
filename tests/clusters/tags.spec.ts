import {
  CreateClusterCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { expect, test } from '../../fixtures/index.ts';

const byKey = (a: { key?: string | undefined }, b: { key?: string | undefined }) =>
  String(a.key).localeCompare(String(b.key));

test('a cluster is created with tags', async ({ aws, namespace }) => {
  const tags = [
    { key: 'environment', value: 'test' },
    { key: 'team', value: 'platform' },
  ];
  const { cluster } = await aws.ecs.send(new CreateClusterCommand({ clusterName: namespace, tags }));

  expect(cluster?.tags?.toSorted(byKey)).toEqual(tags);
});

test('tags are added, and a tag of the same key is replaced', async ({ aws, cluster: { arn: resourceArn } }) => {
  await aws.ecs.send(
    new TagResourceCommand({
      resourceArn,
      tags: [
        { key: 'stage', value: 'blue' },
        { key: 'team', value: 'platform' },
      ],
    }),
  );
  await aws.ecs.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'stage', value: 'green' }] }));

  const { tags } = await aws.ecs.send(new ListTagsForResourceCommand({ resourceArn }));
  expect(tags?.toSorted(byKey)).toEqual([
    { key: 'stage', value: 'green' },
    { key: 'team', value: 'platform' },
  ]);
});

test('only the tags that are named are removed', async ({ aws, cluster: { arn: resourceArn } }) => {
  await aws.ecs.send(
    new TagResourceCommand({
      resourceArn,
      tags: [
        { key: 'keep', value: '1' },
        { key: 'remove', value: '2' },
      ],
    }),
  );
  await aws.ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['remove', 'never-there'] }));

  const { tags } = await aws.ecs.send(new ListTagsForResourceCommand({ resourceArn }));
  expect(tags).toEqual([{ key: 'keep', value: '1' }]);
});

test('a cluster has at most 50 tags', async ({ aws, cluster: { arn: resourceArn } }) => {
  const tags = Array.from({ length: 51 }, (_, index) => ({ key: `key-${index}`, value: 'value' }));

  await expect(aws.ecs.send(new TagResourceCommand({ resourceArn, tags }))).toBeAwsError('InvalidParameterException');
});

test('a cluster that is not there cannot be tagged', async ({ aws, cluster }) => {
  const resourceArn = `${cluster.arn}-missing`;

  await expect(aws.ecs.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'a', value: 'b' }] }))).toBeAwsError(
    'ClusterNotFoundException',
  );
});
