import {
  CreateCapacityProviderCommand,
  CreateClusterCommand,
  CreateServiceCommand,
  type ECSClient,
  ListTagsForResourceCommand,
  RegisterContainerInstanceCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { expect, refusalOf, test } from './own-region-test.ts';

const network = { awsvpcConfiguration: { subnets: ['subnet-1'] } };

/** Makes one of each taggable kind in an otherwise empty region and returns its ARN. */
const makers: Readonly<Record<string, (client: ECSClient) => Promise<string | undefined>>> = {
  cluster: async (client) => (await client.send(new CreateClusterCommand({}))).cluster?.clusterArn,
  'task definition': registerWeb,
  service: async (client) => {
    await client.send(new CreateClusterCommand({}));
    await registerWeb(client);
    const { service } = await client.send(
      new CreateServiceCommand({
        serviceName: 'web',
        taskDefinition: 'web',
        desiredCount: 0,
        launchType: 'FARGATE',
        networkConfiguration: network,
      }),
    );
    return service?.serviceArn;
  },
  'container instance': async (client) => {
    await client.send(new CreateClusterCommand({}));
    const { containerInstance } = await client.send(new RegisterContainerInstanceCommand({}));
    return containerInstance?.containerInstanceArn;
  },
  'capacity provider': async (client) => {
    const autoScalingGroupProvider = { autoScalingGroupArn: 'group' };
    const { capacityProvider } = await client.send(
      new CreateCapacityProviderCommand({ name: 'group', autoScalingGroupProvider }),
    );
    return capacityProvider?.capacityProviderArn;
  },
};

const tagsOf = async (client: ECSClient, resourceArn: string) =>
  (await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags;

for (const [kind, make] of Object.entries(makers)) {
  test(`tags of a ${kind} are added, changed and taken away`, async ({ client }) => {
    const resourceArn = (await make(client)) ?? '';
    expect(await tagsOf(client, resourceArn)).toEqual([]);
    await client.send(
      new TagResourceCommand({
        resourceArn,
        tags: [
          { key: 'team', value: 'a' },
          { key: 'stage', value: 'test' },
        ],
      }),
    );
    await client.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'team', value: 'b' }] }));
    expect(await tagsOf(client, resourceArn)).toEqual([
      { key: 'team', value: 'b' },
      { key: 'stage', value: 'test' },
    ]);
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team', 'unknown'] }));
    expect(await tagsOf(client, resourceArn)).toEqual([{ key: 'stage', value: 'test' }]);
  });
}

test('a running task can be tagged', async ({ client }) => {
  await client.send(new CreateClusterCommand({}));
  await registerWeb(client);
  const { tasks } = await client.send(
    new RunTaskCommand({
      taskDefinition: 'web',
      launchType: 'FARGATE',
      networkConfiguration: network,
      tags: [{ key: 'a', value: '1' }],
    }),
  );
  const resourceArn = tasks?.[0]?.taskArn ?? '';
  await client.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'b', value: '2' }] }));
  expect(await tagsOf(client, resourceArn)).toEqual([
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ]);
  await client.send(new StopTaskCommand({ task: resourceArn }));
});

for (const [resource, name] of [
  ['cluster/missing', 'ClusterNotFoundException'],
  ['service/default/missing', 'ServiceNotFoundException'],
  ['task/default/0123456789abcdef0123456789abcdef', 'InvalidParameterException'],
  ['container-instance/default/0123456789abcdef0123456789abcdef', 'InvalidParameterException'],
  ['task-definition/missing:1', 'ClientException'],
  ['capacity-provider/missing', 'ClientException'],
  ['task/0123456789abcdef0123456789abcdef', 'InvalidParameterException'],
] as const) {
  test(`tags of ${resource} are refused with ${name}`, async ({ client, region }) => {
    const resourceArn = `arn:aws:ecs:${region}:123456789012:${resource}`;
    const calls = [
      client.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'a', value: '1' }] })),
      client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] })),
      client.send(new ListTagsForResourceCommand({ resourceArn })),
    ];
    const refusals = await Promise.all(calls.map(refusalOf));
    expect(refusals.map((refusal) => refusal.name)).toEqual([name, name, name]);
  });
}

for (const resourceArn of ['', 'cluster', 'arn:aws:s3:::bucket']) {
  test(`'${resourceArn}' is no ARN to tag`, async ({ client }) => {
    expect((await refusalOf(client.send(new ListTagsForResourceCommand({ resourceArn })))).name).toBe(
      'InvalidParameterException',
    );
  });
}

test('a resource has no more than 50 tags', async ({ client }) => {
  const { cluster } = await client.send(
    new CreateClusterCommand({ tags: Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: '' })) }),
  );
  const resourceArn = cluster?.clusterArn ?? '';
  const refusal = await refusalOf(
    client.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'one-more', value: '' }] })),
  );
  expect(refusal.name).toBe('InvalidParameterException');
  await client.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'k0', value: 'changed' }] }));
  expect(await tagsOf(client, resourceArn)).toHaveLength(50);
});

async function registerWeb(client: ECSClient): Promise<string | undefined> {
  const { taskDefinition } = await client.send(
    new RegisterTaskDefinitionCommand({
      family: 'web',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'web', image: 'busybox', command: ['sleep', '60'], stopTimeout: 2 }],
    }),
  );
  return taskDefinition?.taskDefinitionArn;
}
