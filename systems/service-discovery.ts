import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  type Task,
} from '@aws-sdk/client-ecs';

/** Where a task of a service answers. */
export interface Endpoint {
  readonly taskArn: string;
  readonly host: string;
  readonly port: number;
  /** `http://<host>:<port>` */
  readonly url: string;
}

/** Finds the tasks of services, by asking ECS. */
export interface ServiceDiscovery {
  /**
   * Where the tasks of a service answer: those that run, are to go on running, and pass the health checks that
   * they have.
   *
   * @param port the container port
   */
  getEndpoints(cluster: string, service: string, port: number): Promise<Endpoint[]>;
}

/** Makes a service discovery. */
export function serviceDiscovery(client: ECSClient): ServiceDiscovery {
  return {
    async getEndpoints(cluster, service, port) {
      const endpoints: Endpoint[] = [];
      for await (const { taskArns = [] } of paginateListTasks({ client }, { cluster, serviceName: service })) {
        if (taskArns.length === 0) continue;
        const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
        for (const task of tasks) {
          const endpoint = endpointOf(task, port);
          if (endpoint && isServing(task, await checkedContainers(client, task))) endpoints.push(endpoint);
        }
      }
      return endpoints;
    },
  };
}

/**
 * Whether requests may be sent to a task.
 *
 * @param checked the containers that have a health check
 */
export function isServing(task: Task, checked: readonly string[]): boolean {
  const healthOf = (name: string) => task.containers?.find((container) => container.name === name)?.healthStatus;
  return (
    task.lastStatus === 'RUNNING' &&
    task.desiredStatus === 'RUNNING' &&
    checked.every((name) => healthOf(name) === 'HEALTHY')
  );
}

/** A port of the host where the task has one for it, else the task's own address; undefined when it has neither. */
export function endpointOf(task: Task, containerPort: number): Endpoint | undefined {
  const bindings = (task.containers ?? []).flatMap(({ networkBindings = [] }) => networkBindings);
  const binding = bindings.find((each) => each.containerPort === containerPort);
  const interfaces = (task.containers ?? []).flatMap(({ networkInterfaces = [] }) => networkInterfaces);
  const host = binding
    ? (binding.bindIP ?? '0.0.0.0').replace('0.0.0.0', '127.0.0.1')
    : interfaces.find(({ privateIpv4Address }) => privateIpv4Address)?.privateIpv4Address;
  const port = binding?.hostPort ?? containerPort;
  return host ? { taskArn: task.taskArn ?? '', host, port, url: `http://${host}:${port}` } : undefined;
}

async function checkedContainers(client: ECSClient, { taskDefinitionArn }: Task): Promise<string[]> {
  const { taskDefinition } = await client.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }),
  );
  return (taskDefinition?.containerDefinitions ?? [])
    .filter(({ healthCheck, essential }) => healthCheck && essential !== false)
    .map(({ name = '' }) => name);
}
