import type {
  ContainerDefinition,
  CreateServiceRequest,
  TaskDefinition,
  UpdateServiceRequest,
} from '@aws-sdk/client-ecs';
import type { RequestContext } from '../../../service.ts';
import type { ServiceRecord, TaskRecord } from '../state.ts';
import type { FakeBehaviour, FakeContainer } from '../tasks/fake-runtime.ts';
import { settle, type TaskTestBench, taskTestBench } from '../tasks/task-test-bench.ts';
import { createService } from './create-service.ts';
import { serviceTasks } from './deployments.ts';
import { updateService } from './update-service.ts';

/** A cluster `default` whose services run on the fake runtime, with time in the hands of a test. */
export interface ServiceTestBench extends TaskTestBench {
  /** Registers the next revision of the family `web`; returns `web:<revision>`. */
  register(containers?: Partial<ContainerDefinition>[], change?: Partial<TaskDefinition>): string;
  /** Creates the service `web` on Fargate, of the latest revision. */
  create(input?: Changes<CreateServiceRequest>): ServiceRecord;
  update(input: Changes<UpdateServiceRequest>): ServiceRecord;
  /** Lets whatever is to happen at once happen, then moves time forward, in small steps. */
  pass(milliseconds?: number): Promise<void>;
  /** The tasks of the service that are RUNNING and not stopping, oldest first. */
  running(record: ServiceRecord): TaskRecord[];
  /** Ends the first container of a task as its process would. */
  crash(task: TaskRecord, exitCode?: number): void;
  /** The first container of a task. */
  containerOf(task: TaskRecord): FakeContainer;
}

/** Members to add or replace; undefined ones are left out. */
type Changes<Request> = { [Name in keyof Request]?: Request[Name] | undefined };

export const requestContext: RequestContext = {
  account: '000000000000',
  region: 'us-east-1',
  requestId: 'request',
  caller: { accessKeyId: 'test', arn: 'arn:aws:iam::000000000000:root', userId: '000000000000' },
  request: { method: 'POST', path: '/', query: '', headers: {} },
};

/** Long enough for whatever is RUNNING to count as healthy. */
export const SETTLING = 600;

/** How far `pass` moves the clock at once, in milliseconds. */
const STEP = 50;

export function serviceTestBench(behaviour: FakeBehaviour = {}): ServiceTestBench {
  const bench = taskTestBench(behaviour);
  const { state, clock, runtime } = bench;
  state.clusters.set('default', {
    cluster: {
      clusterName: 'default',
      clusterArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/default',
      status: 'ACTIVE',
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    },
  });
  state.families.set('web', []);
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  return {
    ...bench,
    register(containers = [{}], change = {}) {
      const revisions = state.families.get('web') ?? [];
      const revision = revisions.length + 1;
      revisions.push({
        definition: {
          status: 'ACTIVE',
          compatibilities: ['EC2', 'FARGATE'],
          networkMode: 'awsvpc',
          cpu: '256',
          memory: '512',
          ...change,
          containerDefinitions: containers.map((container) => ({ name: 'app', image: 'busybox', ...container })),
          family: 'web',
          revision,
          taskDefinitionArn: `arn:aws:ecs:us-east-1:000000000000:task-definition/web:${revision}`,
        },
      });
      return `web:${revision}`;
    },
    create: (input = {}) =>
      createService(
        state,
        withoutUndefined<CreateServiceRequest>({
          cluster: 'default',
          serviceName: 'web',
          taskDefinition: 'web',
          desiredCount: 1,
          launchType: 'FARGATE',
          networkConfiguration,
          ...input,
        }),
        requestContext,
      ),
    update: (input) =>
      updateService(state, withoutUndefined<UpdateServiceRequest>({ cluster: 'default', service: 'web', ...input })),
    async pass(milliseconds = 0) {
      await settle();
      for (let passed = 0; passed < milliseconds; passed += STEP) {
        clock.advance(Math.min(STEP, milliseconds - passed));
        await settle();
      }
      await settle();
      await settle();
    },
    running: (record) =>
      serviceTasks(record).filter(
        ({ task: { lastStatus, desiredStatus } }) => lastStatus === 'RUNNING' && desiredStatus === 'RUNNING',
      ),
    containerOf,
    crash: (task, exitCode = 1) => containerOf(task).exit(exitCode),
  };

  function containerOf({ task }: TaskRecord): FakeContainer {
    const found = runtime.containers.find(
      ({ spec }) => spec.dockerLabels['com.amazonaws.ecs.task-arn'] === task.taskArn,
    );
    if (!found) throw new Error(`No container of task ${task.taskArn} was started.`);
    return found;
  }
}

function withoutUndefined<Request extends object>(request: Changes<Request>): Request {
  // What is left has the members that the request's type asks for.
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)) as Request;
}
