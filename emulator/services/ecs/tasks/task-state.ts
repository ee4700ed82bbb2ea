import type {
  Container,
  ContainerDefinition,
  HealthStatus,
  Task,
  TaskDefinition,
  TaskStopCode,
} from '@aws-sdk/client-ecs';

/** The states of a task in the order in which it goes through them; it may leave some out, never go back. */
export const TASK_STATUSES = [
  'PROVISIONING',
  'PENDING',
  'ACTIVATING',
  'RUNNING',
  'DEACTIVATING',
  'STOPPING',
  'DEPROVISIONING',
  'STOPPED',
] as const;

export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Why a task ends, as DescribeTasks reports it. */
export interface TaskStop {
  readonly code: TaskStopCode;
  readonly reason: string;
}

/**
 * Moves a task to a later status and stamps what comes with it.
 *
 * @returns false, and nothing changes, when the task is there or past it
 */
export function moveTask(task: Task, status: TaskStatus, at: Date): boolean {
  if (rank(status) <= rank(task.lastStatus as TaskStatus)) return false;
  task.lastStatus = status;
  if (status === 'RUNNING') task.startedAt = at;
  if (status === 'STOPPED') task.stoppedAt = at;
  bumpVersion(task);
  return true;
}

/**
 * Sets a task's desired status to STOPPED with the reason, and moves it out of the states in which
 * containers start. The first reason counts.
 *
 * @returns false when the task was stopping already
 */
export function beginStop(task: Task, stop: TaskStop, at: Date): boolean {
  if (task.desiredStatus === 'STOPPED') return false;
  task.desiredStatus = 'STOPPED';
  task.stopCode = stop.code;
  task.stoppedReason = stop.reason;
  task.stoppingAt = at;
  // Only what has been RUNNING has something to deactivate, such as a load balancer registration.
  return moveTask(task, task.lastStatus === 'RUNNING' ? 'DEACTIVATING' : 'STOPPING', at);
}

/** Marks the point from which the control plane hears of the task's containers. */
export function connectTask(task: Task, at: Date): void {
  task.connectivity = 'CONNECTED';
  task.connectivityAt = at;
}

/** Counts a change that ECS would send an event for. */
export function bumpVersion(task: Task): void {
  task.version = (task.version ?? 0) + 1;
}

/**
 * A task's health (API reference, HealthCheck): UNHEALTHY when an essential container is; else UNKNOWN when
 * an essential container is, as one without a health check always is; else HEALTHY.
 */
export function taskHealth(definition: TaskDefinition, containers: readonly Container[]): HealthStatus {
  const states = essentialContainers(definition).map(({ name }) => healthOf(containers, name));
  if (states.includes('UNHEALTHY')) return 'UNHEALTHY';
  return states.every((state) => state === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}

/**
 * Whether all essential containers that have a health check are HEALTHY; true of a task that has none. By
 * this the service scheduler tells which tasks to count (API reference, DeploymentConfiguration,
 * minimumHealthyPercent).
 */
export function checkedContainersAreHealthy(definition: TaskDefinition, containers: readonly Container[]): boolean {
  return essentialContainers(definition)
    .filter(({ healthCheck }) => healthCheck?.command?.length)
    .every(({ name }) => healthOf(containers, name) === 'HEALTHY');
}

function essentialContainers({ containerDefinitions = [] }: TaskDefinition): ContainerDefinition[] {
  return containerDefinitions.filter(({ essential }) => essential !== false);
}

function healthOf(containers: readonly Container[], name: string | undefined): HealthStatus {
  return containers.find((candidate) => candidate.name === name)?.healthStatus ?? 'UNKNOWN';
}

function rank(status: TaskStatus): number {
  return TASK_STATUSES.indexOf(status);
}
