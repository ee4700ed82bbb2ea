import type { ContainerInstance } from '@aws-sdk/client-ecs';
import { type ArnScope, containerInstanceArn } from '../arns.ts';
import { invalidParameter } from '../errors.ts';
import { nameIn } from '../references.ts';
import type { ContainerInstanceRecord, EcsState, TaskRecord } from '../state.ts';
import type { QueryFacts } from './query-language.ts';

/**
 * Finds a container instance of a cluster.
 *
 * @param reference its id or its ARN, in the long form with the cluster's name or in the old short one
 * @throws AwsError InvalidParameterException for an ARN of another cluster
 */
export function findContainerInstance(
  state: Pick<EcsState, 'containerInstances'> & ArnScope,
  clusterName: string,
  reference: string,
): ContainerInstanceRecord | undefined {
  const id = nameIn(clusterName, 'container-instance', reference);
  return state.containerInstances.get(containerInstanceArn(state, clusterName, id));
}

/**
 * Finds a container instance that the call cannot do without.
 *
 * @throws AwsError InvalidParameterException when the cluster has no such instance
 */
export function requireContainerInstance(
  state: Pick<EcsState, 'containerInstances'> & ArnScope,
  clusterName: string,
  reference: string,
): ContainerInstanceRecord {
  const record = findContainerInstance(state, clusterName, reference);
  if (!record) throw invalidParameter(`Referenced container instance ${reference} not found.`);
  return record;
}

/** Tells the tasks that ECS wants to run on an instance; those that are stopping or orphaned count no more. */
export type TasksOn = (record: ContainerInstanceRecord) => readonly TaskRecord[];

/** Goes once over the tasks, so that asking for every instance of a cluster costs no more. */
export function tasksByInstance(state: Pick<EcsState, 'tasks'>): TasksOn {
  const tasks = new Map<string, TaskRecord[]>();
  for (const record of state.tasks.values()) {
    const { containerInstanceArn: home, desiredStatus } = record.task;
    if (home === undefined || desiredStatus !== 'RUNNING' || record.isOrphaned) continue;
    const others = tasks.get(home);
    if (others) others.push(record);
    else tasks.set(home, [record]);
  }
  return ({ instance }) => tasks.get(instance.containerInstanceArn) ?? [];
}

/** The instance as DescribeContainerInstances answers, without tags: the counts come from the tasks. */
export function describeContainerInstance(record: ContainerInstanceRecord, tasksOn: TasksOn): ContainerInstance {
  const tasks = tasksOn(record);
  return {
    ...record.instance,
    // API reference, ContainerInstance: running counts the desired status RUNNING, pending the last status PENDING.
    runningTasksCount: tasks.length,
    pendingTasksCount: tasks.filter(({ task }) => task.lastStatus === 'PENDING').length,
    attributes: [...record.attributes.values()],
  };
}

/** What the cluster query language can ask of the instance. */
export function queryFacts(record: ContainerInstanceRecord, tasksOn: TasksOn): QueryFacts {
  const tasks = tasksOn(record);
  return {
    agentConnected: record.instance.agentConnected ?? false,
    agentVersion: record.instance.versionInfo?.agentVersion,
    ec2InstanceId: record.instance.ec2InstanceId,
    registeredAt: record.instance.registeredAt?.getTime() ?? 0,
    runningTasksCount: tasks.length,
    attributes: new Map([...record.attributes].map(([name, { value }]) => [name, value])),
    taskGroups: tasks.flatMap(({ task }) => task.group ?? []),
  };
}
