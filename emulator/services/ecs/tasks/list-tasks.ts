import type { ListTasksRequest, ListTasksResponse } from '@aws-sdk/client-ecs';
import type { Operation } from '../../../service.ts';
import { paginate } from '../pagination.ts';
import { nameOf, serviceArn } from '../arns.ts';
import { requireCluster } from '../clusters/lookup.ts';
import { findContainerInstance } from '../container-instances/instances.ts';
import { invalidParameter, serviceNotFound } from '../errors.ts';
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

/**
 * API reference, ListTasks: startedBy "must be the only filter that you use". The desired status is taken
 * beside it, as AWS does for callers such as Airflow's ECS operator.
 */
function validateFilters(input: ListTasksRequest): void {
  if (input.startedBy === undefined) return;
  const others = [input.family, input.serviceName, input.containerInstance, input.launchType];
  if (others.some((value) => value !== undefined)) {
    throw invalidParameter('startedBy cannot be combined with other filters.');
  }
}

function filter(
  state: EcsState,
  cluster: ClusterRecord['cluster'],
  input: ListTasksRequest,
): (record: TaskRecord) => boolean {
  const serviceName = input.serviceName === undefined ? undefined : nameOf(input.serviceName);
  if (serviceName !== undefined && !state.services.has(serviceArn(state, cluster.clusterName, serviceName))) {
    throw serviceNotFound();
  }
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
