import { randomBytes } from 'node:crypto';
import {
  type ContainerDefinition,
  CreateClusterCommand,
  DeregisterContainerInstanceCommand,
  DescribeContainerInstancesCommand,
  ECSClient,
  ListContainerInstancesCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
  type RunTaskCommandOutput,
  StartTaskCommand,
  StopTaskCommand,
  waitUntilTasksRunning,
  waitUntilTasksStopped,
} from '@aws-sdk/client-ecs';
import { startEmulator } from '../../../emulator/index.ts';
import { test as base, expect } from '../emulator-test.ts';

interface PlacementFixtures {
  /** The name of the test's cluster and of its task definitions' family. */
  name: string;
  /** Adds simulated container instances; answers their ARNs. */
  addInstances: (options: Record<string, unknown>) => Promise<string[]>;
  /** Registers a definition that sleeps; answers its ARN. */
  define: (container?: ContainerDefinition, input?: Partial<RegisterTaskDefinitionCommandInput>) => Promise<string>;
  /** RunTask of the latest definition. Whatever it starts is stopped after the test. */
  run: (input?: Partial<RunTaskCommandInput>) => Promise<RunTaskCommandOutput>;
}

const test = base.extend<PlacementFixtures>({
  name: async ({ ecs, uniqueName }, use) => {
    await ecs.send(new CreateClusterCommand({ clusterName: uniqueName }));
    await use(uniqueName);
  },
  addInstances: async ({ emulator, name }, use) => {
    await use(async (options) => {
      const response = await fetch(`${emulator.endpoint}/_testbed/ecs/container-instances`, {
        method: 'POST',
        body: JSON.stringify({ cluster: name, ...options }),
      });
      const answer = (await response.json()) as { containerInstanceArns?: string[]; message?: string };
      if (!answer.containerInstanceArns) throw new Error(answer.message);
      return answer.containerInstanceArns;
    });
  },
  define: async ({ ecs, name }, use) => {
    await use(async (container = {}, input = {}) => {
      const { taskDefinition } = await ecs.send(
        new RegisterTaskDefinitionCommand({
          family: name,
          containerDefinitions: [
            { name: 'app', image: 'busybox', command: ['sleep', '60'], stopTimeout: 2, memory: 16, ...container },
          ],
          ...input,
        }),
      );
      return taskDefinition?.taskDefinitionArn ?? '';
    });
  },
  run: async ({ ecs, name }, use) => {
    const started: string[] = [];
    await use(async (input = {}) => {
      const output = await ecs.send(new RunTaskCommand({ cluster: name, taskDefinition: name, ...input }));
      started.push(...taskArns(output));
      return output;
    });
    for (const task of started) await ecs.send(new StopTaskCommand({ cluster: name, task }));
    if (started.length > 0) {
      await waitUntilTasksStopped({ client: ecs, maxWaitTime: 20, minDelay: 1 }, { cluster: name, tasks: started });
    }
  },
});

test('an EC2 launch in a cluster without container instances is refused', async ({ define, run }) => {
  await define();
  await expect(run()).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'No Container Instances were found in your cluster.',
  });
});

test('tasks take the resources of their instance and give them back', async ({
  addInstances,
  define,
  ecs,
  name,
  run,
}) => {
  const [instance = ''] = await addInstances({ cpu: 1024, memory: 512 });
  await define(
    { cpu: 512, memory: 128, portMappings: [{ containerPort: 80, hostPort: 18080 }] },
    { networkMode: 'bridge' },
  );
  const output = await run();
  const attributes = [{ name: 'ecs.cpu-architecture', value: 'x86_64' }];
  expect(output).toMatchObject({
    failures: [],
    tasks: [{ containerInstanceArn: instance, launchType: 'EC2', attributes }],
  });
  await waitUntilTasksRunning(
    { client: ecs, maxWaitTime: 20, minDelay: 1 },
    { cluster: name, tasks: taskArns(output) },
  );

  const describeInstance = async () => {
    const described = await ecs.send(
      new DescribeContainerInstancesCommand({ cluster: name, containerInstances: [instance] }),
    );
    const [found] = described.containerInstances ?? [];
    const left = new Map(found?.remainingResources?.map((resource) => [resource.name, resource]));
    return {
      running: found?.runningTasksCount,
      pending: found?.pendingTasksCount,
      cpu: left.get('CPU')?.integerValue,
      memory: left.get('MEMORY')?.integerValue,
      takesPort: left.get('PORTS')?.stringSetValue?.includes('18080'),
    };
  };
  expect(await describeInstance()).toEqual({ running: 1, pending: 0, cpu: 512, memory: 384, takesPort: true });
  expect(await run()).toMatchObject({ tasks: [], failures: [{ arn: instance, reason: 'RESOURCE:PORTS' }] });

  await expect(
    ecs.send(new DeregisterContainerInstanceCommand({ cluster: name, containerInstance: instance })),
  ).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Found running tasks on the instance.',
  });

  const [task = ''] = taskArns(output);
  await ecs.send(new StopTaskCommand({ cluster: name, task }));
  await waitUntilTasksStopped({ client: ecs, maxWaitTime: 20, minDelay: 1 }, { cluster: name, tasks: [task] });
  expect(await describeInstance()).toEqual({ running: 0, pending: 0, cpu: 1024, memory: 512, takesPort: false });
});

test('tasks that find no room are failures, one for each instance', async ({ addInstances, define, run }) => {
  const instances = await addInstances({ count: 2, memory: 64 });
  await define({ memory: 48 });
  const output = await run({ count: 3, placementStrategy: [{ type: 'spread', field: 'instanceId' }] });
  expect(output.tasks?.map(({ containerInstanceArn }) => containerInstanceArn)).toEqual(instances);
  expect(output.failures).toEqual(instances.map((arn) => ({ arn, reason: 'RESOURCE:MEMORY' })));
});

test('distinctInstance and memberOf hold within one call', async ({ addInstances, define, run }) => {
  const [, blue = ''] = [...(await addInstances({})), ...(await addInstances({ attributes: { stack: 'blue' } }))];
  await define({}, { placementConstraints: [{ type: 'memberOf', expression: 'attribute:stack == blue' }] });
  const output = await run({ count: 2, placementConstraints: [{ type: 'distinctInstance' }] });
  expect(output.tasks?.map(({ containerInstanceArn }) => containerInstanceArn)).toEqual([blue]);
  expect(output.failures?.map(({ reason }) => reason)).toEqual([
    'MemberOf placement constraint unsatisfied.',
    'DistinctInstance placement constraint unsatisfied.',
  ]);
});

test('a malformed constraint is refused before anything runs', async ({ addInstances, define, run }) => {
  await addInstances({});
  await define();
  await expect(
    run({ placementConstraints: [{ type: 'memberOf', expression: 'attribute:stack is blue' }] }),
  ).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining('attribute:stack is blue'),
  });
});

test('a setting gives every new cluster container instances', async () => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const emulator = await startEmulator({
    account: '123456789012',
    region: 'us-east-1',
    credentials,
    verifySignatures: false,
    runtime: 'process',
    runId: `instances-${randomBytes(4).toString('hex')}`,
    containerInstances: 2,
  });
  const ecs = new ECSClient({ endpoint: emulator.endpoint, region: 'us-east-1', credentials });
  try {
    await ecs.send(new CreateClusterCommand({}));
    const { containerInstanceArns } = await ecs.send(new ListContainerInstancesCommand({}));
    expect(containerInstanceArns).toHaveLength(2);
  } finally {
    ecs.destroy();
    await emulator.stop();
  }
});

test('StartTask runs on the instances that it names', async ({ addInstances, define, ecs, name }) => {
  const [first = '', second = ''] = await addInstances({ count: 2, memory: 64 });
  await define({ memory: 48 });
  await ecs.send(new DeregisterContainerInstanceCommand({ cluster: name, containerInstance: first }));
  const output = await ecs.send(
    new StartTaskCommand({
      cluster: name,
      taskDefinition: name,
      containerInstances: [first, second, second, 'deadbeef'],
    }),
  );
  expect(output.tasks?.map(({ containerInstanceArn }) => containerInstanceArn)).toEqual([second]);
  expect(output.failures?.map(({ reason }) => reason)).toEqual(['INACTIVE', 'RESOURCE:MEMORY', 'MISSING']);
  const [task = ''] = taskArns(output);
  await ecs.send(new StopTaskCommand({ cluster: name, task }));
  await waitUntilTasksStopped({ client: ecs, maxWaitTime: 20, minDelay: 1 }, { cluster: name, tasks: [task] });
});

function taskArns(output: { tasks?: { taskArn?: string | undefined }[] | undefined }): string[] {
  return (output.tasks ?? []).flatMap(({ taskArn }) => taskArn ?? []);
}
