import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';

export const OPERATIONS = ['DescribeClusters', 'DescribeTasks', 'ListTaskDefinitions'] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** What the measured calls ask for, made at an endpoint through its API. */
export interface Workload {
  readonly calls: Readonly<Record<OperationName, () => Promise<unknown>>>;
  /** The task that DescribeTasks asks for. */
  readonly taskArn: string;
  /** Set when the endpoint could not run the task; DescribeTasks then asks for one that is missing. */
  readonly taskProblem: string | undefined;
  /** Removes what was made; never rejects. */
  remove(): Promise<void>;
}

const REVISIONS = 5;

/**
 * Makes a cluster, a family of five revisions and a task that has ended.
 *
 * @param name of the cluster and the family
 * @throws the SDK's error when the endpoint refuses the cluster or the task definition
 */
export async function createWorkload(client: ECSClient, name: string): Promise<Workload> {
  await client.send(new CreateClusterCommand({ clusterName: name }));
  const definitions: string[] = [];
  for (let revision = 0; revision < REVISIONS; revision += 1) {
    definitions.push(await registerDefinition(client, name));
  }
  let taskArn = `arn:aws:ecs:us-east-1:000000000000:task/${name}/${'0'.repeat(32)}`;
  let taskProblem: string | undefined;
  try {
    taskArn = await runToEnd(client, name);
  } catch (error) {
    taskProblem = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return {
    calls: callsOn(client, name, taskArn),
    taskArn,
    taskProblem,
    async remove() {
      await Promise.allSettled([
        client.send(new StopTaskCommand({ cluster: name, task: taskArn })),
        ...definitions.map((taskDefinition) => client.send(new DeregisterTaskDefinitionCommand({ taskDefinition }))),
      ]);
      await Promise.allSettled([client.send(new DeleteClusterCommand({ cluster: name }))]);
    },
  };
}

/** The measured calls on their own, for an endpoint that answers them with anything. */
export function callsOn(client: ECSClient, name: string, taskArn: string): Workload['calls'] {
  return {
    DescribeClusters: () => client.send(new DescribeClustersCommand({ clusters: [name] })),
    DescribeTasks: () => client.send(new DescribeTasksCommand({ cluster: name, tasks: [taskArn] })),
    ListTaskDefinitions: () => client.send(new ListTaskDefinitionsCommand({ familyPrefix: name })),
  };
}

async function registerDefinition(client: ECSClient, family: string): Promise<string> {
  const { taskDefinition } = await client.send(
    new RegisterTaskDefinitionCommand({
      family,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image: 'busybox:1.36', command: ['echo', 'hello'] }],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? family;
}

/** Waits until the task has ended, so that it does nothing while it is described; ten seconds at most. */
async function runToEnd(client: ECSClient, name: string): Promise<string> {
  const { tasks, failures } = await client.send(
    new RunTaskCommand({
      cluster: name,
      taskDefinition: name,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
    }),
  );
  const taskArn = tasks?.[0]?.taskArn;
  if (taskArn === undefined) throw new Error(`RunTask started nothing: ${failures?.[0]?.reason ?? 'no reason given'}`);
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const described = await client.send(new DescribeTasksCommand({ cluster: name, tasks: [taskArn] }));
    if (described.tasks?.[0]?.lastStatus === 'STOPPED') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return taskArn;
}
