import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { expect, refusalOf, test } from './own-region-test.ts';

const app = { name: 'app', image: 'busybox', memory: 64 };

async function register(
  client: ECSClient,
  family: string,
  more: Partial<RegisterTaskDefinitionCommandInput> = {},
): Promise<TaskDefinition> {
  const input = { family, containerDefinitions: [app], ...more };
  const { taskDefinition } = await client.send(new RegisterTaskDefinitionCommand(input));
  return taskDefinition ?? {};
}

/** Registers revisions one after the other, in this order. */
async function registerAll(client: ECSClient, families: readonly string[]): Promise<void> {
  for (const family of families) {
    await register(client, family);
  }
}

const deregister = (client: ECSClient, taskDefinition: string) =>
  client.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));

const arnOf = (region: string, revision: string) => `arn:aws:ecs:${region}:123456789012:task-definition/${revision}`;

test.describe('RegisterTaskDefinition', () => {
  test('answers with the whole definition, and DescribeTaskDefinition with the same', async ({ client, region }) => {
    const before = Date.now();
    const registered = await register(client, 'web', {
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '.5 vCPU',
      memory: '1 GB',
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      ephemeralStorage: { sizeInGiB: 21 },
      enableFaultInjection: true,
      volumes: [{ name: 'data' }],
      containerDefinitions: [
        {
          name: 'app',
          image: 'nginx:1.29',
          portMappings: [{ containerPort: 80, name: 'http', appProtocol: 'http' }],
          mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: true }],
          environment: [{ name: 'A', value: '1' }],
          ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 2048 }],
        },
      ],
    });
    expect(registered).toMatchObject({
      taskDefinitionArn: arnOf(region, 'web:1'),
      family: 'web',
      revision: 1,
      status: 'ACTIVE',
      cpu: '512',
      memory: '1024',
      requiresCompatibilities: ['FARGATE'],
      compatibilities: ['EC2', 'FARGATE'],
      registeredBy: 'arn:aws:iam::123456789012:user/testbed',
      enableFaultInjection: true,
      containerDefinitions: [
        {
          cpu: 0,
          essential: true,
          portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp', name: 'http', appProtocol: 'http' }],
          volumesFrom: [],
        },
      ],
    });
    expect(registered.registeredAt?.getTime()).toBeGreaterThanOrEqual(before - 1000);
    const { taskDefinition } = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'web:1' }));
    expect(taskDefinition).toEqual(registered);
  });

  test('answers with the defaults of volumes', async ({ client }) => {
    const { volumes } = await register(client, 'web', {
      volumes: [
        { name: 'scratch' },
        { name: 'shared', efsVolumeConfiguration: { fileSystemId: 'fs-0123456789abcdef0' } },
        { name: 'logs', efsVolumeConfiguration: { fileSystemId: 'fs-0123456789abcdef0', rootDirectory: '/logs' } },
      ],
    });
    expect(volumes).toEqual([
      { name: 'scratch', host: {} },
      { name: 'shared', efsVolumeConfiguration: { fileSystemId: 'fs-0123456789abcdef0', rootDirectory: '/' } },
      { name: 'logs', efsVolumeConfiguration: { fileSystemId: 'fs-0123456789abcdef0', rootDirectory: '/logs' } },
    ]);
  });

  test('numbers the revisions of a family without using a number twice', async ({ client }) => {
    await registerAll(client, ['web', 'web']);
    await deregister(client, 'web:2');
    expect((await register(client, 'web')).revision).toBe(3);
    await deregister(client, 'web:3');
    await client.send(new DeleteTaskDefinitionsCommand({ taskDefinitions: ['web:2', 'web:3'] }));
    expect((await register(client, 'web')).revision).toBe(4);
  });

  test('refuses what breaks a rule, and registers nothing', async ({ client }) => {
    const refusal = await refusalOf(register(client, 'web', { containerDefinitions: [{ name: 'a', image: 'b' }] }));
    expect(refusal).toEqual({
      name: 'ClientException',
      message: "Invalid setting for container 'a'. At least one of 'memory' or 'memoryReservation' must be specified.",
    });
    const { families } = await client.send(new ListTaskDefinitionFamiliesCommand({}));
    expect(families).toEqual([]);
  });

  for (const [what, tags] of [
    ['51 tags', Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, value: '' }))],
    ['a tag of AWS', [{ key: 'aws:team', value: 'a' }]],
    ['a key twice', ['a', 'a'].map((key) => ({ key, value: '1' }))],
    ['a key of 129 characters', [{ key: 'k'.repeat(129), value: '1' }]],
  ] as const) {
    test(`refuses ${what}`, async ({ client }) => {
      const refusal = await refusalOf(register(client, 'web', { tags: [...tags] }));
      expect(['InvalidParameterException', 'ClientException']).toContain(refusal.name);
      const { families } = await client.send(new ListTaskDefinitionFamiliesCommand({}));
      expect(families).toEqual([]);
    });
  }
});

test.describe('DescribeTaskDefinition', () => {
  test('takes a family for its latest active revision', async ({ client, region }) => {
    await registerAll(client, ['web', 'web', 'web']);
    await deregister(client, 'web:3');
    for (const [taskDefinition, revision] of [
      ['web', 2],
      ['web:1', 1],
      ['web:3', 3],
      [arnOf(region, 'web:1'), 1],
      [arnOf(region, 'web'), 2],
    ] as const) {
      const { taskDefinition: found } = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      expect(found?.revision, taskDefinition).toBe(revision);
    }
  });

  for (const missing of [
    'nothing',
    'web:9',
    'web:0',
    'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1',
    'arn:aws:ecs',
  ]) {
    test(`does not find ${missing}`, async ({ client }) => {
      await register(client, 'web');
      expect(await refusalOf(client.send(new DescribeTaskDefinitionCommand({ taskDefinition: missing })))).toEqual({
        name: 'ClientException',
        message: 'Unable to describe task definition.',
      });
    });
  }

  test('refuses a revision that is no number', async ({ client }) => {
    const refusal = await refusalOf(client.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'web:latest' })));
    expect(refusal).toEqual({
      name: 'InvalidParameterException',
      message: 'Invalid revision number. Number: latest',
    });
  });

  test('does not find a family without an active revision', async ({ client }) => {
    await register(client, 'web');
    await deregister(client, 'web:1');
    expect((await refusalOf(client.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'web' })))).message).toBe(
      'Unable to describe task definition.',
    );
  });

  test('tells tags only when asked to', async ({ client }) => {
    const tags = [{ key: 'team', value: 'a' }];
    await register(client, 'web', { tags });
    const without = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'web' }));
    expect(without.tags).toBeUndefined();
    const including = await client.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: 'web', include: ['TAGS'] }),
    );
    expect(including.tags).toEqual(tags);
  });
});

test.describe('ListTaskDefinitions', () => {
  test('goes by family and revision, forwards or backwards, page by page', async ({ client, region }) => {
    await registerAll(client, ['b', 'a', 'b', 'a-long', ...Array.from({ length: 10 }, () => 'c')]);
    const list = async (input: object): Promise<string[]> => {
      const { taskDefinitionArns = [] } = await client.send(new ListTaskDefinitionsCommand(input));
      return taskDefinitionArns.map((arn) => arn.slice(arnOf(region, '').length));
    };
    const all = await list({});
    expect(all.slice(0, 5)).toEqual(['a:1', 'a-long:1', 'b:1', 'b:2', 'c:1']);
    expect(all.slice(-2)).toEqual(['c:9', 'c:10']);
    expect(await list({ sort: 'DESC' })).toEqual(all.toReversed());
    expect(await list({ familyPrefix: 'a' }), 'the prefix is the whole family').toEqual(['a:1']);
    const { nextToken } = await client.send(new ListTaskDefinitionsCommand({ maxResults: 3 }));
    expect(await list({ maxResults: 100, nextToken })).toEqual(all.slice(3));
  });

  test('lists by status', async ({ client, region }) => {
    await registerAll(client, ['web', 'web', 'web']);
    await deregister(client, 'web:1');
    await deregister(client, 'web:2');
    await client.send(new DeleteTaskDefinitionsCommand({ taskDefinitions: ['web:1'] }));
    for (const [status, revision] of [
      ['ACTIVE', 'web:3'],
      ['INACTIVE', 'web:2'],
      ['DELETE_IN_PROGRESS', 'web:1'],
    ] as const) {
      const { taskDefinitionArns } = await client.send(new ListTaskDefinitionsCommand({ status }));
      expect(taskDefinitionArns, status).toEqual([arnOf(region, revision)]);
    }
  });
});

test('ListTaskDefinitionFamilies lists by prefix and status', async ({ client }) => {
  await registerAll(client, ['web-b', 'web-a', 'other', 'web-gone']);
  await deregister(client, 'web-gone:1');
  const list = async (input: object): Promise<string[] | undefined> =>
    (await client.send(new ListTaskDefinitionFamiliesCommand(input))).families;
  expect(await list({})).toEqual(['other', 'web-a', 'web-b', 'web-gone']);
  expect(await list({ status: 'ALL' })).toEqual(['other', 'web-a', 'web-b', 'web-gone']);
  expect(await list({ familyPrefix: 'web', status: 'ACTIVE' })).toEqual(['web-a', 'web-b']);
  expect(await list({ status: 'INACTIVE' })).toEqual(['web-gone']);
  const { nextToken } = await client.send(new ListTaskDefinitionFamiliesCommand({ maxResults: 1 }));
  expect(await list({ nextToken })).toEqual(['web-a', 'web-b', 'web-gone']);
});

test.describe('DeregisterTaskDefinition', () => {
  test('makes one revision inactive', async ({ client, region }) => {
    await registerAll(client, ['web', 'web']);
    const { taskDefinition } = await deregister(client, arnOf(region, 'web:1'));
    expect(taskDefinition).toMatchObject({ revision: 1, status: 'INACTIVE', deregisteredAt: expect.any(Date) });
    const { taskDefinition: again } = await deregister(client, 'web:1');
    expect(again).toEqual(taskDefinition);
  });

  test('wants a revision, and one that there is', async ({ client }) => {
    await register(client, 'web');
    expect(await refusalOf(deregister(client, 'web'))).toEqual({
      name: 'ClientException',
      message: 'Revision is missing.',
    });
    expect((await refusalOf(deregister(client, 'web:2'))).name).toBe('ClientException');
  });
});

test.describe('DeleteTaskDefinitions', () => {
  test('deletes inactive revisions, and says why not the others', async ({ client, region }) => {
    await registerAll(client, ['web', 'web']);
    await deregister(client, 'web:1');
    const { taskDefinitions, failures } = await client.send(
      new DeleteTaskDefinitionsCommand({ taskDefinitions: ['web:1', 'web:2', 'web:3'] }),
    );
    expect(taskDefinitions?.map(({ revision, status }) => ({ revision, status }))).toEqual([
      { revision: 1, status: 'DELETE_IN_PROGRESS' },
    ]);
    expect(taskDefinitions?.[0]?.deleteRequestedAt).toBeInstanceOf(Date);
    expect(failures).toEqual([
      { arn: arnOf(region, 'web:2'), reason: expect.stringContaining('still in ACTIVE status') },
      { arn: arnOf(region, 'web:3'), reason: expect.stringContaining('does not exist') },
    ]);
    const { taskDefinition } = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'web:1' }));
    expect(taskDefinition?.status).toBe('DELETE_IN_PROGRESS');
  });

  test('takes one to ten revisions', async ({ client }) => {
    for (const taskDefinitions of [[], Array.from({ length: 11 }, (_, index) => `web:${index + 1}`)]) {
      const refusal = await refusalOf(client.send(new DeleteTaskDefinitionsCommand({ taskDefinitions })));
      expect(refusal.name).toBe('InvalidParameterException');
    }
  });

  test('tells what names no revision apart, and deletes the others', async ({ client, region }) => {
    await registerAll(client, ['web']);
    await deregister(client, 'web:1');
    const family = arnOf(region, 'web');
    const { taskDefinitions, failures } = await client.send(
      new DeleteTaskDefinitionsCommand({ taskDefinitions: ['web', family, 'web:x', 'web:1'] }),
    );
    expect(taskDefinitions?.map(({ revision }) => revision)).toEqual([1]);
    const reason = 'The specified task definition identifier is invalid. Specify a valid name or ARN and try again.';
    expect(failures).toEqual(['web', family, 'web:x'].map((arn) => ({ arn, reason })));
  });
});
