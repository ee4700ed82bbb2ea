import {
  CreateCapacityProviderCommand,
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeTasksCommand,
  ExecuteCommandCommand,
  GetTaskProtectionCommand,
  ListTasksCommand,
  PutClusterCapacityProvidersCommand,
  RegisterContainerInstanceCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  StartTaskCommand,
  StopTaskCommand,
  UpdateTaskProtectionCommand,
} from '@aws-sdk/client-ecs';
import { type EcsBench, expect, test } from './ecs-test.ts';

const idle = {
  name: 'app',
  image: 'busybox',
  command: ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.05; done'],
};
const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-1'] } };
const onEc2 = { networkMode: 'bridge' as const, requiresCompatibilities: ['EC2' as const] };
const unknownId = '0123456789abcdef0123456789abcdef';

/** Runs tasks on Fargate unless told. */
async function runTask({ client, cluster }: EcsBench, input: Partial<RunTaskCommandInput>) {
  const common = { cluster, launchType: 'FARGATE' as const, networkConfiguration, taskDefinition: undefined };
  return client.send(new RunTaskCommand({ ...common, ...input }));
}

/** The error that a call ends with, as `Code: message`. */
async function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(
    (answer) => `answered ${JSON.stringify(answer)}`,
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
}

test.describe('RunTask', () => {
  test('starts as many tasks as asked for, each with its own id, in turns over the subnets', async ({ bench }) => {
    const taskDefinition = await bench.register([idle]);
    const { tasks = [], failures } = await runTask(bench, {
      taskDefinition,
      count: 3,
      group: 'mine',
      startedBy: 'job/1',
      tags: [{ key: 'team', value: 'blue' }],
      enableECSManagedTags: true,
    });
    expect(failures).toEqual([]);
    expect(new Set(tasks.map(({ taskArn }) => taskArn)).size).toBe(3);
    expect(tasks.map(({ attachments }) => attachments?.[0]?.details?.[0]?.value)).toEqual([
      'subnet-a',
      'subnet-b',
      'subnet-a',
    ]);
    for (const task of tasks) {
      expect(task).toMatchObject({
        group: 'mine',
        startedBy: 'job/1',
        launchType: 'FARGATE',
        lastStatus: 'PROVISIONING',
        desiredStatus: 'RUNNING',
        healthStatus: 'UNKNOWN',
        version: 1,
        overrides: { containerOverrides: [{ name: 'app' }], inferenceAcceleratorOverrides: [] },
        attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
        ephemeralStorage: { sizeInGiB: 20 },
        tags: [
          { key: 'aws:ecs:clusterName', value: bench.cluster },
          { key: 'team', value: 'blue' },
        ],
        containers: [{ name: 'app', image: 'busybox', lastStatus: 'PENDING', cpu: '0' }],
      });
      expect(task.taskArn).toMatch(
        new RegExp(`^arn:aws:ecs:us-east-1:123456789012:task/${bench.cluster}/[0-9a-f]{32}$`),
      );
      expect(task.containers?.[0]?.runtimeId).toBeUndefined();
    }
  });

  test('runs EXTERNAL tasks on machines of ECS Anywhere, and EC2 tasks on the others', async ({ bench }) => {
    const { client, cluster } = bench;
    const register = async (instanceId: string) => {
      const instanceIdentityDocument = JSON.stringify({ instanceId });
      const { containerInstance } = await client.send(
        new RegisterContainerInstanceCommand({ cluster, instanceIdentityDocument }),
      );
      return containerInstance?.containerInstanceArn;
    };
    const taskDefinition = await bench.register([idle], { networkMode: 'bridge', requiresCompatibilities: [] });
    const run = (launchType: 'EC2' | 'EXTERNAL', count = 1) =>
      runTask(bench, { taskDefinition, launchType, count, networkConfiguration: undefined });

    const ec2 = await register('i-0123456789abcdef0');
    expect(await refusal(run('EXTERNAL'))).toBe(
      'InvalidParameterException: No Container Instances were found in your cluster.',
    );
    const external = await register('mi-0123456789abcdef0');
    for (const [launchType, containerInstanceArn] of [
      ['EC2', ec2],
      ['EXTERNAL', external],
    ] as const) {
      const { tasks = [] } = await run(launchType, 2);
      expect(tasks).toHaveLength(2);
      for (const task of tasks) expect(task).toMatchObject({ launchType, containerInstanceArn });
    }
    const started = await client.send(
      new StartTaskCommand({ cluster, taskDefinition, containerInstances: [external ?? ''] }),
    );
    expect(started.tasks?.[0]).toMatchObject({ launchType: 'EXTERNAL', containerInstanceArn: external });
  });

  test('places the tasks of a capacity provider on its own instances, or none at all', async ({ bench }) => {
    const { client, cluster, emulator } = bench;
    const [blue, green] = [`blue-${cluster}`, `green-${cluster}`];
    for (const name of [blue, green]) {
      const autoScalingGroupArn = `arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:autoScalingGroupName/${name}`;
      await client.send(new CreateCapacityProviderCommand({ name, autoScalingGroupProvider: { autoScalingGroupArn } }));
    }
    await client.send(
      new PutClusterCapacityProvidersCommand({
        cluster,
        capacityProviders: [blue, green],
        defaultCapacityProviderStrategy: [],
      }),
    );
    const added = await fetch(`${emulator.endpoint}/_testbed/ecs/container-instances`, {
      method: 'POST',
      body: JSON.stringify({ cluster, capacityProvider: blue }),
    });
    expect(added.status).toBe(201);
    const { containerInstanceArns } = (await added.json()) as { containerInstanceArns: string[] };
    const taskDefinition = await bench.register([idle], onEc2);
    const run = (...providers: string[]) =>
      client.send(
        new RunTaskCommand({
          cluster,
          taskDefinition,
          count: 2,
          capacityProviderStrategy: providers.map((capacityProvider) => ({ capacityProvider, weight: 1 })),
        }),
      );

    const refused = 'InvalidParameterException: No Container Instances were found in your capacity provider.';
    expect(await refusal(run(green))).toBe(refused);
    expect(await refusal(run(blue, green))).toBe(refused);
    expect((await client.send(new ListTasksCommand({ cluster }))).taskArns).toEqual([]);
    const { tasks } = await run(blue);
    const onBlue = { capacityProviderName: blue, containerInstanceArn: containerInstanceArns[0], launchType: 'EC2' };
    expect(tasks).toMatchObject([onBlue, onBlue]);
  });

  test('refuses a launch type that the task definition does not support', async ({ bench }) => {
    const awsvpc = await bench.register([idle]);
    expect(await refusal(runTask(bench, { taskDefinition: awsvpc, launchType: 'EXTERNAL' }))).toBe(
      'InvalidParameterException: Task definition does not support launch_type EXTERNAL.',
    );
    const bridge = await bench.register([idle], onEc2);
    expect(await refusal(runTask(bench, { taskDefinition: bridge }))).toBe(
      'InvalidParameterException: Task definition does not support launch_type FARGATE.',
    );
  });

  test('puts a task into the group of its family unless told', async ({ bench }) => {
    const task = await bench.run([idle]);
    expect(task.first.group).toBe(`family:${bench.cluster}`);
  });

  test('takes the tags of the task definition when asked to', async ({ bench }) => {
    const taskDefinition = await bench.register([idle], {
      tags: [
        { key: 'team', value: 'red' },
        { key: 'stage', value: 'test' },
      ],
    });
    const { tasks } = await runTask(bench, {
      taskDefinition,
      propagateTags: 'TASK_DEFINITION',
      tags: [{ key: 'team', value: 'blue' }],
    });
    expect(tasks?.[0]?.tags).toEqual([
      { key: 'team', value: 'blue' },
      { key: 'stage', value: 'test' },
    ]);
  });

  test('answers a client token that it has seen with the same tasks', async ({ bench }) => {
    const input = { taskDefinition: await bench.register([idle]), clientToken: `token-${bench.cluster}` };
    const first = await runTask(bench, input);
    const second = await runTask(bench, input);
    expect(second.tasks?.map(({ taskArn }) => taskArn)).toEqual(first.tasks?.map(({ taskArn }) => taskArn));
    await expect(runTask(bench, { ...input, count: 2 })).rejects.toMatchObject({
      name: 'ConflictException',
      resourceIds: [first.tasks?.[0]?.taskArn],
    });
    const { taskArns } = await bench.client.send(new ListTasksCommand({ cluster: bench.cluster }));
    expect(taskArns).toHaveLength(1);
  });

  test('spreads tasks over a capacity provider strategy', async ({ bench }) => {
    const taskDefinition = await bench.register([idle]);
    const { tasks } = await bench.client.send(
      new RunTaskCommand({
        cluster: bench.cluster,
        taskDefinition,
        count: 4,
        networkConfiguration,
        capacityProviderStrategy: [
          { capacityProvider: 'FARGATE', base: 1, weight: 1 },
          { capacityProvider: 'FARGATE_SPOT', weight: 2 },
        ],
      }),
    );
    const names = tasks?.map(({ capacityProviderName }) => capacityProviderName);
    expect(names?.toSorted()).toEqual(['FARGATE', 'FARGATE', 'FARGATE_SPOT', 'FARGATE_SPOT']);
    expect(tasks?.every(({ launchType }) => launchType === 'FARGATE')).toBe(true);
  });

  const refusals: { what: string; input: Partial<RunTaskCommandInput>; error: string | RegExp }[] = [
    {
      what: 'a count of 11',
      input: { count: 11 },
      error: /^InvalidParameterException: /,
    },
    {
      what: 'an override for a container that is not there',
      input: { overrides: { containerOverrides: [{ name: 'web', command: ['x'] }] } },
      error: 'InvalidParameterException: Override for container named web is not a container in the TaskDefinition.',
    },
    {
      what: 'no network configuration for awsvpc',
      input: { networkConfiguration: undefined },
      error:
        "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    },
    {
      what: 'no subnet',
      input: { networkConfiguration: { awsvpcConfiguration: { subnets: [] } } },
      error: 'InvalidParameterException: subnets can not be empty.',
    },
    {
      what: 'six security groups',
      input: {
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ['s'], securityGroups: ['1', '2', '3', '4', '5', '6'] },
        },
      },
      error: 'InvalidParameterException: securityGroups can have at most 5 items.',
    },
    {
      what: 'both a launch type and a strategy',
      input: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
      error:
        'InvalidParameterException: Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    },
    {
      what: 'an EC2 launch without container instances',
      input: { launchType: 'EC2' },
      error: 'InvalidParameterException: No Container Instances were found in your cluster.',
    },
    {
      what: 'a platform version that there is not',
      input: { platformVersion: '9.9.9' },
      error: /^PlatformUnknownException: /,
    },
    {
      what: 'a platform version on EC2',
      input: { launchType: 'EC2', platformVersion: '1.4.0' },
      error: 'InvalidParameterException: The platform version must be null when specifying an EC2 launch type.',
    },
    {
      what: 'a task definition that there is not',
      input: { taskDefinition: 'no-such-family' },
      error: 'ClientException: TaskDefinition not found.',
    },
    {
      what: 'startedBy with a space',
      input: { startedBy: 'not allowed' },
      error: /^InvalidParameterException: startedBy contains invalid characters/,
    },
    { what: 'startedBy of 129 characters', input: { startedBy: 'x'.repeat(129) }, error: /startedBy longer than 128/ },
    { what: 'tags of the service', input: { propagateTags: 'SERVICE' }, error: /^InvalidParameterException: / },
    {
      what: 'placement constraints on Fargate',
      input: { placementConstraints: [{ type: 'distinctInstance' }] },
      error: 'InvalidParameterException: Placement constraints are not supported with FARGATE launch type.',
    },
    {
      what: 'execute command without a task role',
      input: { enableExecuteCommand: true },
      error: /^InvalidParameterException: .*valid taskRoleArn/,
    },
  ];
  for (const { what, input, error } of refusals) {
    test(`refuses ${what}`, async ({ bench }) => {
      const taskDefinition = await bench.register([idle]);
      const said = await refusal(runTask(bench, { taskDefinition, ...input }));
      expect(said).toMatch(typeof error === 'string' ? new RegExp(`^${escaped(error)}$`) : error);
    });
  }

  test('refuses Fargate and a network configuration for a task definition in bridge mode', async ({ bench }) => {
    const taskDefinition = await bench.register([{ ...idle, memory: 64 }], onEc2);
    expect(await refusal(runTask(bench, { taskDefinition }))).toBe(
      'InvalidParameterException: Task definition does not support launch_type FARGATE.',
    );
    expect(await refusal(runTask(bench, { taskDefinition, launchType: 'EC2' }))).toBe(
      'InvalidParameterException: Network Configuration is not valid for the given networkMode of this task definition.',
    );
  });

  test('needs a cluster that is there', async ({ bench }) => {
    const call = bench.client.send(new RunTaskCommand({ cluster: 'no-such-cluster', taskDefinition: 'any' }));
    expect(await refusal(call)).toBe('ClusterNotFoundException: Cluster not found.');
  });
});

test.describe('on container instances', () => {
  const resources = [
    { name: 'CPU', type: 'INTEGER', integerValue: 1024 },
    { name: 'MEMORY', type: 'INTEGER', integerValue: 1100 },
    { name: 'PORTS', type: 'STRINGSET', stringSetValue: [] },
  ];

  test('RunTask places what fits, and tells what did not; what is stopped gives its place back', async ({ bench }) => {
    const { client, cluster } = bench;
    const { containerInstance } = await client.send(
      new RegisterContainerInstanceCommand({ cluster, totalResources: resources }),
    );
    const taskDefinition = await bench.register([{ ...idle, memory: 64 }], onEc2);
    const run = () => client.send(new RunTaskCommand({ cluster, taskDefinition, count: 3 }));
    const { tasks = [], failures } = await run();
    expect(tasks).toHaveLength(2);
    expect(failures).toEqual([{ arn: containerInstance?.containerInstanceArn, reason: 'RESOURCE:MEMORY' }]);
    expect(tasks[0]).toMatchObject({
      launchType: 'EC2',
      lastStatus: 'PENDING',
      containerInstanceArn: containerInstance?.containerInstanceArn,
      attachments: [],
      memory: '512',
    });
    expect(tasks[0]).not.toHaveProperty('platformVersion');

    for (const task of tasks) {
      await client.send(new StopTaskCommand({ cluster, task: task.taskArn }));
      await bench.reached({ taskArn: task.taskArn ?? '', first: task }, 'STOPPED');
    }
    expect((await run()).tasks).toHaveLength(2);
  });

  test('StartTask runs a task on each instance that is there', async ({ bench }) => {
    const { client, cluster } = bench;
    const { containerInstance } = await client.send(
      new RegisterContainerInstanceCommand({ cluster, totalResources: resources }),
    );
    const arn = containerInstance?.containerInstanceArn ?? '';
    const taskDefinition = await bench.register([{ ...idle, memory: 64 }], onEc2);
    const { tasks, failures } = await client.send(
      new StartTaskCommand({ cluster, taskDefinition, containerInstances: [arn, unknownId] }),
    );
    expect(tasks?.map(({ containerInstanceArn }) => containerInstanceArn)).toEqual([arn]);
    expect(failures).toEqual([
      { arn: `arn:aws:ecs:us-east-1:123456789012:container-instance/${unknownId}`, reason: 'MISSING' },
    ]);
    const tooLong = client.send(
      new StartTaskCommand({ cluster, taskDefinition, containerInstances: [arn], startedBy: 'x'.repeat(37) }),
    );
    expect(await refusal(tooLong)).toBe('InvalidParameterException: startedBy longer than 36.');
  });
});

test.describe('DescribeTasks and StopTask', () => {
  test('find a task by id and ARN, and name those that are missing', async ({ bench }) => {
    const task = await bench.run([idle]);
    const id = task.taskArn.split('/').at(-1) ?? '';
    const { tasks, failures } = await bench.client.send(
      new DescribeTasksCommand({ cluster: bench.cluster, tasks: [id, unknownId] }),
    );
    expect(tasks?.map(({ taskArn }) => taskArn)).toEqual([task.taskArn]);
    expect(failures).toEqual([
      { arn: `arn:aws:ecs:us-east-1:123456789012:task/${bench.cluster}/${unknownId}`, reason: 'MISSING' },
    ]);
  });

  test('tell tags only when asked to, until the task is stopped by hand', async ({ bench }) => {
    const tags = [{ key: 'team', value: 'blue' }];
    const task = await bench.start(await bench.register([idle]), { tags });
    const tagsNow = async (include: 'TAGS'[]) => {
      const input = { cluster: bench.cluster, tasks: [task.taskArn], include };
      return (await bench.client.send(new DescribeTasksCommand(input))).tasks?.[0]?.tags;
    };
    expect(await tagsNow([])).toEqual([]);
    expect(await tagsNow(['TAGS'])).toEqual(tags);
    await bench.client.send(new StopTaskCommand({ cluster: bench.cluster, task: task.taskArn }));
    expect(await tagsNow(['TAGS'])).toEqual([]);
  });

  test('refuse an empty list, an ARN of another cluster and a task that is not there', async ({ bench }) => {
    const { client, cluster } = bench;
    const other = `arn:aws:ecs:us-east-1:123456789012:task/other/${unknownId}`;
    expect(await refusal(client.send(new DescribeTasksCommand({ cluster, tasks: [] })))).toBe(
      'InvalidParameterException: Tasks cannot be empty.',
    );
    expect(await refusal(client.send(new DescribeTasksCommand({ cluster, tasks: [other] })))).toBe(
      `InvalidParameterException: Invalid identifier: Identifier is for cluster other. Your cluster is ${cluster}`,
    );
    expect(await refusal(client.send(new StopTaskCommand({ cluster, task: unknownId })))).toBe(
      'InvalidParameterException: The referenced task was not found.',
    );
  });

  test('answer for a stopped task as before when it is stopped again', async ({ bench }) => {
    const { client, cluster } = bench;
    const task = await bench.run([{ ...idle, command: ['true'] }]);
    await bench.reached(task, 'STOPPED');
    const again = await client.send(new StopTaskCommand({ cluster, task: task.taskArn, reason: 'late' }));
    expect(again.task).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' });
  });
});

test.describe('ListTasks', () => {
  test('lists running tasks unless told, and filters', async ({ bench }) => {
    const { client, cluster } = bench;
    const running = await bench.start(await bench.register([idle]), { startedBy: 'me' });
    const done = await bench.run([{ ...idle, command: ['true'] }], { family: `${cluster}-other` });
    await bench.reached(done, 'STOPPED');
    const list = async (filter: object) =>
      (await client.send(new ListTasksCommand({ cluster, ...filter }))).taskArns ?? [];
    expect(await list({})).toEqual([running.taskArn]);
    expect(await list({ desiredStatus: 'STOPPED' })).toEqual([done.taskArn]);
    expect(await list({ desiredStatus: 'PENDING' })).toEqual([]);
    expect(await list({ family: cluster })).toEqual([running.taskArn]);
    expect(await list({ family: `${cluster}-other`, desiredStatus: 'STOPPED' })).toEqual([done.taskArn]);
    expect(await list({ startedBy: 'me' })).toEqual([running.taskArn]);
    expect(await list({ startedBy: 'you' })).toEqual([]);
    expect(await list({ startedBy: 'me', desiredStatus: 'STOPPED' })).toEqual([]);
    expect(await refusal(list({ serviceName: 'no-such-service' }))).toBe(
      'ServiceNotFoundException: Service not found.',
    );
    expect(await list({ launchType: 'FARGATE' })).toEqual([running.taskArn]);
    expect(await list({ launchType: 'EC2' })).toEqual([]);
    expect(await list({ containerInstance: unknownId })).toEqual([]);
    expect(await refusal(list({ startedBy: 'me', family: cluster }))).toMatch(/^InvalidParameterException: /);
  });

  test('pages', async ({ bench }) => {
    const { client, cluster } = bench;
    const { tasks } = await runTask(bench, { taskDefinition: await bench.register([idle]), count: 3 });
    const first = await client.send(new ListTasksCommand({ cluster, maxResults: 2 }));
    const second = await client.send(new ListTasksCommand({ cluster, maxResults: 2, nextToken: first.nextToken }));
    expect(first.taskArns).toHaveLength(2);
    expect(second.nextToken).toBeUndefined();
    const listed = [...(first.taskArns ?? []), ...(second.taskArns ?? [])];
    expect(listed.toSorted()).toEqual(tasks?.map(({ taskArn }) => taskArn ?? '').toSorted());
  });
});

test('task protection is refused for a task of no service, and for one that is not there', async ({ bench }) => {
  const { client, cluster } = bench;
  const task = await bench.run([idle]);
  const input = { cluster, tasks: [task.taskArn, unknownId] };
  const updated = await client.send(new UpdateTaskProtectionCommand({ ...input, protectionEnabled: true }));
  expect(updated.protectedTasks).toEqual([]);
  expect(updated.failures?.map(({ reason }) => reason)).toEqual(['TASK_NOT_VALID', 'MISSING']);
  const read = await client.send(new GetTaskProtectionCommand(input));
  expect(read.failures?.map(({ reason }) => reason)).toEqual(['TASK_NOT_VALID', 'MISSING']);
  const tooLong = client.send(
    new UpdateTaskProtectionCommand({ ...input, protectionEnabled: true, expiresInMinutes: 2881 }),
  );
  expect(await refusal(tooLong)).toMatch(/^InvalidParameterException: /);
});

test('ExecuteCommand makes its checks and says what is not emulated', async ({ bench }) => {
  const { client, cluster } = bench;
  const execute = (task: string, container?: string) =>
    client.send(new ExecuteCommandCommand({ cluster, task, command: 'ls', interactive: true, container }));
  const plain = await bench.run([idle]);
  await bench.reached(plain, 'RUNNING');
  expect(await refusal(execute(plain.taskArn))).toMatch(
    /^InvalidParameterException: The execute command failed because execute command was not enabled when the task was run/,
  );
  expect(await refusal(execute(unknownId))).toBe('InvalidParameterException: The referenced task was not found.');

  const definition = await bench.register([idle], { taskRoleArn: 'arn:aws:iam::123456789012:role/app' });
  const enabled = await bench.start(definition, { enableExecuteCommand: true });
  const { containers } = await bench.reached(enabled, 'RUNNING');
  expect(containers?.[0]?.managedAgents).toEqual([
    { name: 'ExecuteCommandAgent', lastStatus: 'STOPPED', reason: expect.stringContaining('not emulated') },
  ]);
  expect(await refusal(execute(enabled.taskArn, 'web'))).toMatch(/^InvalidParameterException: /);
  expect(await refusal(execute(enabled.taskArn))).toMatch(/^TargetNotConnectedException: .*not emulated/);
});

test('a cluster is not deleted while a task of it runs, and what ran in it is gone with the next of its name', async ({
  bench,
}) => {
  const { client, cluster } = bench;
  const definition = await bench.register([idle]);
  const token = { clientToken: `token-${cluster}` };
  const task = await bench.start(definition, token);
  await bench.reached(task, 'RUNNING');
  expect(await refusal(client.send(new DeleteClusterCommand({ cluster })))).toMatch(/^ClusterContainsTasksException: /);
  await client.send(new StopTaskCommand({ cluster, task: task.taskArn }));
  await bench.reached(task, 'STOPPED');
  await client.send(new DeleteClusterCommand({ cluster }));
  expect(await refusal(bench.start('any'))).toMatch(/^ClusterNotFoundException: /);
  await client.send(new CreateClusterCommand({ clusterName: cluster }));
  const { failures } = await client.send(new DescribeTasksCommand({ cluster, tasks: [task.taskArn] }));
  expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  const next = await bench.start(definition, token);
  expect(next.taskArn).not.toBe(task.taskArn);
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
