import { setTimeout as pause } from 'node:timers/promises';
import {
  type ContainerDefinition,
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  type NetworkConfiguration,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';

/** A version of a service to bring out. */
export interface Release {
  readonly cluster: string;
  /** The name of the service, and the family of its task definitions. */
  readonly service: string;
  readonly image: string;
  readonly desiredCount: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** More of the container's definition: command, ports, health check. */
  readonly container?: Omit<ContainerDefinition, 'name' | 'image' | 'environment'>;
}

/** What runs of a service. */
export interface ServiceState {
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly taskDefinitionArn: string;
}

/** Brings out versions of services, and takes them back. */
export interface ServiceManager {
  /**
   * Creates a service or updates it, with the circuit breaker on, and waits until it is stable.
   *
   * @throws Error when it is not stable in time, or ECS rolled it back
   */
  deploy(release: Release): Promise<ServiceState>;
  /** @throws Error when there is no such service */
  getService(cluster: string, service: string): Promise<ServiceState>;
  /** Changes how many tasks a service has, and waits until it has as many. */
  scale(cluster: string, service: string, desiredCount: number): Promise<ServiceState>;
  /**
   * Goes back to the revision before the present one, and waits until it runs.
   *
   * @throws Error when the present revision is the first
   */
  rollback(cluster: string, service: string): Promise<ServiceState>;
}

/** The one container of each service. */
const containerName = 'app';

/**
 * Makes a service manager for services on Fargate.
 *
 * @param settings.timeout seconds that a change may take
 * @param settings.pollInterval milliseconds between two looks at a service; a second unless given
 */
export function serviceManager(
  client: ECSClient,
  settings: {
    readonly network: NetworkConfiguration;
    readonly timeout: number;
    readonly pollInterval?: number;
    readonly executionRoleArn?: string;
  },
): ServiceManager {
  const find = async (cluster: string, service: string): Promise<Service | undefined> => {
    const { services = [] } = await client.send(new DescribeServicesCommand({ cluster, services: [service] }));
    return services.find(({ status }) => status === 'ACTIVE');
  };
  const getService: ServiceManager['getService'] = async (cluster, service) => {
    const found = await find(cluster, service);
    if (!found) throw new Error(`There is no service ${service} in cluster ${cluster}.`);
    return stateOf(client, found);
  };
  /**
   * Waits until the one deployment of a service is COMPLETED. The SDK's waiter for stable services does not look
   * at that, and a deployment that has not completed is none that ECS rolls back to.
   */
  const settle = async (cluster: string, service: string, wanted?: string): Promise<ServiceState> => {
    const end = performance.now() + settings.timeout * 1_000;
    for (;;) {
      const found = await find(cluster, service);
      const [primary, ...others] = found?.deployments ?? [];
      if (found && primary?.rolloutState === 'COMPLETED' && others.length === 0 && hasAll(found)) {
        if (!wanted || found.taskDefinition === wanted) return stateOf(client, found);
        throw new Error(`Service ${service} was to run ${wanted}, but ECS rolled it back to ${found.taskDefinition}.`);
      }
      const state = `${primary?.rolloutState}, ${found?.runningCount} of ${found?.desiredCount} tasks run`;
      if (primary?.rolloutState === 'FAILED' || performance.now() >= end) {
        throw new Error(`Service ${service} is not stable: ${state}. ${primary?.rolloutStateReason ?? ''}`);
      }
      await pause(settings.pollInterval ?? 1_000);
    }
  };
  const register = async ({ service, image, environment = {}, container }: Release): Promise<string> => {
    const { taskDefinition } = await client.send(
      new RegisterTaskDefinitionCommand({
        family: service,
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        ...(settings.executionRoleArn && { executionRoleArn: settings.executionRoleArn }),
        containerDefinitions: [
          {
            ...container,
            name: containerName,
            image,
            environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
          },
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? '';
  };

  return {
    getService,
    async deploy(release) {
      const { cluster, service, desiredCount } = release;
      const taskDefinition = await register(release);
      const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
      if (await find(cluster, service)) {
        await client.send(
          new UpdateServiceCommand({ cluster, service, taskDefinition, desiredCount, deploymentConfiguration }),
        );
      } else {
        await client.send(
          new CreateServiceCommand({
            cluster,
            serviceName: service,
            taskDefinition,
            desiredCount,
            deploymentConfiguration,
            launchType: 'FARGATE',
            networkConfiguration: settings.network,
          }),
        );
      }
      return settle(cluster, service, taskDefinition);
    },
    async scale(cluster, service, desiredCount) {
      await client.send(new UpdateServiceCommand({ cluster, service, desiredCount }));
      return settle(cluster, service);
    },
    async rollback(cluster, service) {
      const taskDefinition = revisionBefore((await getService(cluster, service)).taskDefinitionArn);
      await client.send(new UpdateServiceCommand({ cluster, service, taskDefinition }));
      return settle(cluster, service, taskDefinition);
    },
  };
}

/**
 * The ARN of the revision before one.
 *
 * @throws Error when that is the first
 */
export function revisionBefore(taskDefinitionArn: string): string {
  const colon = taskDefinitionArn.lastIndexOf(':');
  const revision = Number(taskDefinitionArn.slice(colon + 1));
  if (!(revision > 1)) throw new Error(`There is no revision before ${taskDefinitionArn}.`);
  return `${taskDefinitionArn.slice(0, colon)}:${revision - 1}`;
}

function hasAll({ runningCount, desiredCount, pendingCount }: Service): boolean {
  return runningCount === desiredCount && pendingCount === 0;
}

async function stateOf(client: ECSClient, service: Service): Promise<ServiceState> {
  const { taskDefinition } = await client.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }),
  );
  const [container] = taskDefinition?.containerDefinitions ?? [];
  return {
    desiredCount: service.desiredCount ?? 0,
    runningCount: service.runningCount ?? 0,
    image: container?.image ?? '',
    environment: Object.fromEntries((container?.environment ?? []).map(({ name = '', value = '' }) => [name, value])),
    taskDefinitionArn: service.taskDefinition ?? '',
  };
}
