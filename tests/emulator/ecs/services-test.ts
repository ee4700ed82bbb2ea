import {
  type ContainerDefinition,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  type Service,
  type Task,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { expect, test as base } from './ecs-test.ts';

export { expect };

/** The services of a test's cluster, and what its tests do with them. */
export interface ServiceBench {
  /** Creates a service on Fargate, `web` unless told, and returns it as CreateService does. */
  create(input: Partial<CreateServiceCommandInput>): Promise<Service>;
  update(input: Partial<UpdateServiceCommandInput>): Promise<Service>;
  describe(service?: string): Promise<Service>;
  /** Waits until the service's only deployment is COMPLETED, and returns the service. */
  completed(service?: string): Promise<Service>;
  /** The messages of its events, the newest first. */
  messages(service?: string): Promise<string[]>;
  /** Its tasks that are to run, or those that are STOPPED. */
  tasks(desiredStatus?: 'RUNNING' | 'STOPPED', service?: string): Promise<Task[]>;
}

/** A container that runs until it is stopped, and then ends at once. */
export const server = (script = ''): ContainerDefinition => ({
  name: 'app',
  image: 'busybox',
  command: ['sh', '-c', `trap 'exit 0' TERM; ${script} while :; do sleep 60 & wait $!; done`],
});

/** The test function for what the service scheduler does. */
export const test = base.extend<{ services: ServiceBench }>({
  services: async ({ bench: { client, cluster } }, use) => {
    const describeService = async (service = 'web'): Promise<Service> => {
      const { services } = await client.send(new DescribeServicesCommand({ cluster, services: [service] }));
      const [found] = services ?? [];
      if (!found) throw new Error(`There is no service ${service} in ${cluster}.`);
      return found;
    };
    await use({
      describe: describeService,
      create: async (input) => {
        const { service } = await client.send(
          new CreateServiceCommand({
            cluster,
            serviceName: 'web',
            desiredCount: 1,
            launchType: 'FARGATE',
            networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
            ...input,
          }),
        );
        return service ?? {};
      },
      update: async (input) => {
        const { service } = await client.send(new UpdateServiceCommand({ cluster, service: 'web', ...input }));
        return service ?? {};
      },
      completed: async (name) => {
        let service: Service = {};
        await expect(async () => {
          service = await describeService(name);
          expect(service.deployments, `events: ${JSON.stringify(service.events)}`).toEqual([
            expect.objectContaining({ rolloutState: 'COMPLETED', runningCount: service.desiredCount }),
          ]);
        }).toPass({ timeout: 20_000, intervals: [10, 20, 50, 100] });
        return service;
      },
      messages: async (name) => ((await describeService(name)).events ?? []).map(({ message }) => message ?? ''),
      tasks: async (desiredStatus = 'RUNNING', serviceName = 'web') => {
        const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster, serviceName, desiredStatus }));
        if (taskArns.length === 0) return [];
        return (
          (await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns, include: ['TAGS'] }))).tasks ?? []
        );
      },
    });
  },
});
