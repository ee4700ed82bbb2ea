import type { ListTasksRequest, ListTasksResponse } from '@aws-sdk/client-ecs';
import { AwsError, type Operation } from '../../../service.ts';
import { paginate } from '../../pagination.ts';
import { requireCluster } from '../clusters.ts';
import { findContainerInstance } from '../container-instances/instances.ts';
import type { ClusterRecord, EcsState, TaskRecord } from '../state.ts';

/** ListTasks. */
export const listTasksOperations = {
  ListTasks: (state, input: ListTasksRequest): ListTasksResponse => {
    const { cluster } = requireCluster(state, input.cluster);
    validateFilters(input);
    const matches = filter(state, cluster, input);
    const arns = [...state.tasks.values()].filter(matches).map(({ task }) => task.taskArn);
    const page = paginate(arns, input, { maximum: 100 });
    return { taskArns: page.items, nextToken: page.nextToken };
  },
} satisfies Record<string, Operation<EcsState>>;

/** API reference, ListTasks: startedBy "must be the only filter that you use". */
function validateFilters(input: ListTasksRequest): void {
  if (input.startedBy !== undefined) {
    const others = [input.family, input.serviceName, input.containerInstance, input.launchType, input.desiredStatus];
    if (others.some((value) => value !== undefined)) {
      refuse('startedBy cannot be combined with other filters.');
    }
  }
  if (input.serviceName !== undefined && input.family !== undefined) {
    refuse('cannot specify both family and serviceName.');
  }
}

function filter(
  state: EcsState,
  cluster: ClusterRecord['cluster'],
  input: ListTasksRequest,
): (record: TaskRecord) => boolean {
  const serviceName = input.serviceName?.split('/').at(-1);
  const instanceArn = containerInstanceArnOf(state, cluster.clusterName, input.containerInstance);
  const desiredStatus = input.desiredStatus ?? 'RUNNING';
  return (record) =>
    record.task.clusterArn === cluster.clusterArn &&
    record.task.desiredStatus === desiredStatus &&
    (input.family === undefined || record.definition.family === input.family) &&
    (serviceName === undefined || record.serviceName === serviceName) &&
    (instanceArn === undefined || record.task.containerInstanceArn === instanceArn) &&
    (input.startedBy === undefined || record.task.startedBy === input.startedBy) &&
    (input.launchType === undefined || record.task.launchType === input.launchType);
}

/** The ARN that tasks of the instance carry; one that is not there has none, so nothing matches. */
function containerInstanceArnOf(state: EcsState, clusterName: string, reference: string | undefined) {
  if (reference === undefined) return undefined;
  return findContainerInstance(state, clusterName, reference)?.instance.containerInstanceArn ?? reference;
}

function refuse(message: string): never {
  throw new AwsError('InvalidParameterException', message);
}
