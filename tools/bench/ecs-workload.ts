import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { clientSettings, type Family } from './workload.ts';

const NAME = 'bench';
const REVISIONS = 5;

/** A cluster, a family of five revisions and a task that has ended, described and listed. */
export const ecsFamily: Family<ECSClient> = {
  service: 'ECS',
  operations: ['DescribeClusters', 'DescribeTasks', 'ListTaskDefinitions'],
  client: (endpoint) => new ECSClient({ ...clientSettings, endpoint }),
  probe: (client) => client.send(new ListClustersCommand({})),
  async prepare(client, endpoint) {
    await client.send(new CreateClusterCommand({ clusterName: NAME }));
    const definitions: string[] = [];
    for (let revision = 0; revision < REVISIONS; revision += 1) {
      definitions.push(await registerDefinition(client, NAME));
    }
    let taskArn = `arn:aws:ecs:us-east-1:000000000000:task/${NAME}/${'0'.repeat(32)}`;
    const remarks: Record<string, string> = {};
    try {
      taskArn = await runToEnd(client, NAME, await anySubnet(endpoint));
    } catch (error) {
      const problem = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      remarks['DescribeTasks'] = `asked for a missing task: ${problem}`;
    }
    return {
      callsOn: (other) => ({
        DescribeClusters: () => other.send(new DescribeClustersCommand({ clusters: [NAME] })),
        DescribeTasks: () => other.send(new DescribeTasksCommand({ cluster: NAME, tasks: [taskArn] })),
        ListTaskDefinitions: () => other.send(new ListTaskDefinitionsCommand({ familyPrefix: NAME })),
      }),
      remarks,
      async remove() {
        await Promise.allSettled([
          client.send(new StopTaskCommand({ cluster: NAME, task: taskArn })),
          ...definitions.map((taskDefinition) => client.send(new DeregisterTaskDefinitionCommand({ taskDefinition }))),
        ]);
        await Promise.allSettled([client.send(new DeleteClusterCommand({ cluster: NAME }))]);
      },
    };
  },
};

async function registerDefinition(client: ECSClient, family: string): Promise<string> {
  const { taskDefinition } = await client.send(
    new RegisterTaskDefinitionCommand({
      family,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      // moto cannot run a container that leaves cpu and memory to its task.
      containerDefinitions: [{ name: 'app', image: 'busybox:1.36', command: ['echo', 'hello'], cpu: 64, memory: 128 }],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? family;
}

/** Waits until the task has ended, so that it does nothing while it is described; three seconds at most, for some endpoints never end it. */
async function runToEnd(client: ECSClient, name: string, subnet: string): Promise<string> {
  const { tasks, failures } = await client.send(
    new RunTaskCommand({
      cluster: name,
      taskDefinition: name,
      launchType: 'FARGATE',
      // moto wants the member `securityGroups`, if only empty.
      networkConfiguration: { awsvpcConfiguration: { subnets: [subnet], securityGroups: [] } },
    }),
  );
  const taskArn = tasks?.[0]?.taskArn;
  if (taskArn === undefined) throw new Error(`RunTask started nothing: ${failures?.[0]?.reason ?? 'no reason given'}`);
  const deadline = Date.now() + 3000;
  while (Date.now() < deadline) {
    const described = await client.send(new DescribeTasksCommand({ cluster: name, tasks: [taskArn] }));
    if (described.tasks?.[0]?.lastStatus === 'STOPPED') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return taskArn;
}

/** A subnet that exists where the endpoint keeps any, since some look it up; else any name will do. */
async function anySubnet(endpoint: string): Promise<string> {
  const fallback = 'subnet-0123456789abcdef0';
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'Action=DescribeSubnets&Version=2016-11-15',
      signal: AbortSignal.timeout(5000),
    });
    return /<subnetId>([^<]+)</.exec(await response.text())?.[1] ?? fallback;
  } catch {
    return fallback;
  }
}
