import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { manualClock, type ManualClock } from '../../../clock.ts';
import { AwsError } from '../../../service.ts';
import { emptyState } from '../empty-state.ts';
import type { EcsState, TaskRecord } from '../state.ts';
import type { Capacity } from './capacity.ts';
import { fakeRuntime, type FakeBehaviour, type FakeRuntime } from './fake-runtime.ts';
import { createTask } from './new-task.ts';
import { readOverrides } from './overrides.ts';

/** An ECS state whose time and containers are in the hands of a test. */
export interface TaskTestBench {
  readonly state: EcsState;
  readonly clock: ManualClock;
  readonly runtime: FakeRuntime;
  /** Every lastStatus that tasks went through after their first, in order. */
  readonly statuses: string[];
  /** What was written to logs: `group/stream message`. The group `missing` is not there. */
  readonly logged: string[];
  run(containers: ContainerDefinition[], options?: RunOptions): TaskRecord;
}

export interface RunOptions {
  readonly definition?: Partial<TaskDefinition>;
  readonly capacity?: Capacity;
  readonly overrides?: TaskRecord['task']['overrides'];
}

/** Makes a bench with a fake runtime and a clock that stands still. */
export function taskTestBench(behaviour: FakeBehaviour = {}): TaskTestBench {
  const clock = manualClock();
  const runtime = fakeRuntime(behaviour);
  const statuses: string[] = [];
  const logged: string[] = [];
  const state = benchState(clock, runtime, logged);
  state.supervisor.onChange(({ task }) => {
    if (statuses.at(-1) !== task.lastStatus) statuses.push(task.lastStatus ?? '');
  });
  const cluster = { clusterName: 'default', clusterArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/default' };
  return {
    state,
    clock,
    runtime,
    statuses,
    logged,
    run(containers, options = {}) {
      const definition: TaskDefinition = {
        family: 'web',
        revision: 3,
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        taskDefinitionArn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/web:3',
        containerDefinitions: containers,
        ...options.definition,
      };
      return createTask(state, {
        cluster,
        definition,
        capacity: options.capacity ?? { launchType: 'FARGATE' },
        platformVersion: '1.4.0',
        overrides: readOverrides(definition, options.overrides),
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        group: 'family:web',
        tags: [],
        index: 0,
      });
    },
  };
}

/** Lets every promise that can settle do so, without letting time pass. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}

function benchState(clock: ManualClock, runtime: FakeRuntime, logged: string[]): EcsState {
  return emptyState('us-east-1', {
    clock,
    account: '000000000000',
    runtime,
    readObject: (bucket, key) => Promise.reject(new Error(`nothing is in ${bucket} at ${key}`)),
    logSink: () => ({
      createGroup: () => undefined,
      openStream: (group: string, stream: string) => {
        if (group === 'missing') {
          throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist: missing');
        }
        return { write: (_timestamp: number, message: string) => void logged.push(`${group}/${stream} ${message}`) };
      },
    }),
    containerCredentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret', sessionToken: 'token' },
  });
}
