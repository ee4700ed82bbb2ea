import { randomBytes } from 'node:crypto';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  type ContainerDefinition,
  CreateClusterCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterContainerInstanceCommand,
  DescribeTasksCommand,
  ECSClient,
  ListContainerInstancesCommand,
  ListServicesCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { test as base, expect } from '@playwright/test';
import { type Emulator, startEmulator } from '../../../emulator/index.ts';
import { probeDocker } from '../../../emulator/runtimes/index.ts';
import { account, clientConfig, emulatorOptions } from '../start-emulator.ts';

export { expect };

export type RuntimeName = 'process' | 'docker';

const network = { awsvpcConfiguration: { subnets: ['subnet-1'] } };

/** A cluster of the test's own, and what its tests do with it. */
export interface EcsBench {
  readonly emulator: Emulator;
  readonly client: ECSClient;
  readonly logs: CloudWatchLogsClient;
  /** The name of the test's cluster, which is also that of its log group. */
  readonly cluster: string;
  /** Registers a Fargate task definition whose containers log to the test's group; returns `family:revision`. */
  register(containers: ContainerDefinition[], change?: Partial<RegisterTaskDefinitionCommandInput>): Promise<string>;
  /** Runs a task definition on Fargate and returns its first task. */
  start(taskDefinition: string, change?: Partial<RunTaskCommandInput>): Promise<TaskHandle>;
  /** Registers and runs. */
  run(containers: ContainerDefinition[], change?: Partial<RegisterTaskDefinitionCommandInput>): Promise<TaskHandle>;
  describe(task: TaskHandle): Promise<Task>;
  /** Waits until the task has this lastStatus, or is past it, and returns it as it is then. */
  reached(task: TaskHandle, status: 'RUNNING' | 'STOPPED'): Promise<Task>;
  /** The messages that a container has logged. */
  messages(task: TaskHandle, container?: string): Promise<string[]>;
}

export interface TaskHandle {
  readonly taskArn: string;
  /** As RunTask answered. */
  readonly first: Task;
}

interface TestFixtures {
  /** Which runtime the emulator of the test has. */
  runtime: RuntimeName;
  bench: EcsBench;
}

interface WorkerFixtures {
  /** One emulator per runtime and worker, started at its first use. */
  emulatorOn: (runtime: RuntimeName) => Promise<Emulator>;
}

/** The test function for what runs tasks; `test.use({ runtime })` chooses the runtime. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  runtime: ['process', { option: true }],
  emulatorOn: [
    async ({}, use) => {
      const emulators = new Map<RuntimeName, Promise<Emulator>>();
      await use((runtime) => {
        const emulator = emulators.get(runtime) ?? start(runtime);
        emulators.set(runtime, emulator);
        return emulator;
      });
      await Promise.all([...emulators.values()].map(async (emulator) => (await emulator).stop()));
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  bench: async ({ runtime, emulatorOn }, use, testInfo) => {
    const probe = runtime === 'docker' ? await probeDocker() : undefined;
    testInfo.skip(probe?.available === false, probe?.available === false ? probe.reason : undefined);
    const bench = await openBench(await emulatorOn(runtime));
    await use(bench);
    await closeBench(bench);
  },
});

async function start(runtime: RuntimeName): Promise<Emulator> {
  return startEmulator(emulatorOptions({ runtime, runId: `ecs-${randomBytes(4).toString('hex')}` }));
}

async function openBench(emulator: Emulator): Promise<EcsBench> {
  const connection = clientConfig(emulator);
  const client = new ECSClient(connection);
  const logs = new CloudWatchLogsClient(connection);
  const cluster = `test-${randomBytes(6).toString('hex')}`;
  await client.send(new CreateClusterCommand({ clusterName: cluster, capacityProviders: ['FARGATE', 'FARGATE_SPOT'] }));

  const register: EcsBench['register'] = async (containers, change = {}) => {
    const { taskDefinition } = await client.send(
      new RegisterTaskDefinitionCommand({
        family: cluster,
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        executionRoleArn: `arn:aws:iam::${account}:role/execution`,
        containerDefinitions: containers.map((container) => ({ logConfiguration: logsTo(cluster), ...container })),
        ...change,
      }),
    );
    return `${taskDefinition?.family}:${taskDefinition?.revision}`;
  };
  const startTask: EcsBench['start'] = async (taskDefinition, change = {}) => {
    const { tasks, failures } = await client.send(
      new RunTaskCommand({ cluster, taskDefinition, launchType: 'FARGATE', networkConfiguration: network, ...change }),
    );
    const first = tasks?.[0];
    if (!first?.taskArn) throw new Error(`RunTask started no task: ${JSON.stringify(failures)}`);
    return { taskArn: first.taskArn, first };
  };
  const describeTask: EcsBench['describe'] = async ({ taskArn }) => {
    const { tasks } = await client.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }));
    const task = tasks?.[0];
    if (!task) throw new Error(`Task ${taskArn} is not there`);
    return task;
  };
  return {
    emulator,
    client,
    logs,
    cluster,
    register,
    start: startTask,
    describe: describeTask,
    run: async (containers, change) => startTask(await register(containers, change)),
    async reached(handle, status) {
      let task: Task = {};
      await expect(async () => {
        task = await describeTask(handle);
        const past = status === 'RUNNING' && task.startedAt !== undefined;
        expect(past ? status : task.lastStatus, `state of ${JSON.stringify(task)}`).toBe(status);
      }).toPass({ timeout: 30_000, intervals: [10, 20, 50, 100] });
      return task;
    },
    async messages({ taskArn }, container = 'app') {
      const { events } = await logs.send(
        new GetLogEventsCommand({
          logGroupName: cluster,
          logStreamName: `run/${container}/${taskArn.split('/').at(-1)}`,
          startFromHead: true,
        }),
      );
      return (events ?? []).map(({ message }) => message ?? '');
    },
  };
}

function logsTo(group: string): ContainerDefinition['logConfiguration'] {
  return {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': group,
      'awslogs-region': 'us-east-1',
      'awslogs-stream-prefix': 'run',
      'awslogs-create-group': 'true',
    },
  };
}

/** Removes the cluster with all that is still in it, so that a failed test leaves nothing to the next. */
async function closeBench({ client, logs, cluster }: EcsBench): Promise<void> {
  const { serviceArns = [] } = await client.send(new ListServicesCommand({ cluster, maxResults: 100 }));
  await Promise.all(
    serviceArns.map((service) => client.send(new DeleteServiceCommand({ cluster, service, force: true }))),
  );
  const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster }));
  await Promise.all(taskArns.map((task) => client.send(new StopTaskCommand({ cluster, task }))));
  const { containerInstanceArns = [] } = await client.send(new ListContainerInstancesCommand({ cluster }));
  await Promise.all(
    containerInstanceArns.map((containerInstance) =>
      client.send(new DeregisterContainerInstanceCommand({ cluster, containerInstance, force: true })),
    ),
  );
  await expect(() => client.send(new DeleteClusterCommand({ cluster }))).toPass({ timeout: 40_000 });
  client.destroy();
  logs.destroy();
}
