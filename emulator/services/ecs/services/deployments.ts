import { randomInt } from 'node:crypto';
import type { Deployment } from '@aws-sdk/client-ecs';
import type { EcsState, ServiceRecord, TaskRecord } from '../state.ts';

/**
 * The deployments of a service at API level.
 *
 * A deployment becomes COMPLETED when as many tasks run under it as the service desires. Starting and
 * stopping tasks to get there is the service scheduler's work; where there is none, a service that
 * desires tasks has a runningCount of 0 and its deployment stays IN_PROGRESS.
 */

/** What a deployment holds besides the service's own members; the next deployment inherits it. */
export const deploymentSettings = [
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const satisfies readonly (keyof Deployment)[];

export type DeploymentSettings = Pick<Deployment, (typeof deploymentSettings)[number]>;

/**
 * Puts a new PRIMARY deployment in front; the one before it stays ACTIVE until this one completes.
 *
 * @param settings those that the request brings
 */
export function startDeployment(state: EcsState, record: ServiceRecord, settings: DeploymentSettings): void {
  const { service } = record;
  const [previous] = service.deployments ?? [];
  const inherited: DeploymentSettings = Object.fromEntries(
    deploymentSettings.flatMap((name) => (previous?.[name] === undefined ? [] : [[name, previous[name]]])),
  );
  const now = new Date(state.dependencies.clock.now());
  for (const deployment of service.deployments ?? []) {
    if (deployment.status === 'PRIMARY') Object.assign(deployment, { status: 'ACTIVE', updatedAt: now });
  }
  const id = deploymentId();
  const runsOnFargate = service.platformVersion !== undefined;
  const deployment: Deployment = {
    id,
    status: 'PRIMARY',
    taskDefinition: service.taskDefinition,
    desiredCount: service.desiredCount,
    pendingCount: 0,
    runningCount: 0,
    failedTasks: 0,
    createdAt: now,
    updatedAt: now,
    ...(service.launchType ? { launchType: service.launchType } : {}),
    ...(service.capacityProviderStrategy ? { capacityProviderStrategy: service.capacityProviderStrategy } : {}),
    ...(runsOnFargate
      ? {
          platformVersion: service.platformVersion === 'LATEST' ? latestPlatformVersion : service.platformVersion,
          platformFamily: service.platformFamily,
        }
      : {}),
    ...(service.networkConfiguration ? { networkConfiguration: service.networkConfiguration } : {}),
    ...inherited,
    ...settings,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
  };
  service.deployments = [deployment, ...(service.deployments ?? [])];
  settleDeployments(state, record);
}

/** Brings the counts of a service and its deployments up to date, and completes a deployment that has all its tasks. */
export function settleDeployments(state: EcsState, record: ServiceRecord): void {
  const { service } = record;
  const tasks = serviceTasks(state, record);
  service.runningCount = tasks.filter(isRunning).length;
  service.pendingCount = tasks.filter(isPending).length;
  for (const deployment of service.deployments ?? []) {
    const own = tasks.filter(({ task }) => task.startedBy === deployment.id);
    deployment.runningCount = own.filter(isRunning).length;
    deployment.pendingCount = own.filter(isPending).length;
    if (deployment.status === 'PRIMARY') deployment.desiredCount = service.desiredCount;
  }
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  if (!primary || primary.rolloutState !== 'IN_PROGRESS') return;
  const others = tasks.filter(({ task }) => task.startedBy !== primary.id);
  if (primary.runningCount === primary.desiredCount && primary.pendingCount === 0 && others.length === 0) {
    Object.assign(primary, {
      rolloutState: 'COMPLETED',
      rolloutStateReason: `ECS deployment ${primary.id} completed.`,
      updatedAt: new Date(state.dependencies.clock.now()),
    });
    service.deployments = [primary];
  }
}

/** The tasks of a service that have not ended and are not orphaned: those in its group. */
export function serviceTasks(state: EcsState, { service }: ServiceRecord): TaskRecord[] {
  return [...state.tasks.values()].filter(
    ({ task, isOrphaned }) =>
      !isOrphaned &&
      task.clusterArn === service.clusterArn &&
      task.group === `service:${service.serviceName}` &&
      task.lastStatus !== 'STOPPED',
  );
}

/** What LATEST stands for, as the developer guide's "Fargate platform versions" has it. */
export const latestPlatformVersion = '1.4.0';

function isRunning({ task }: TaskRecord): boolean {
  return task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING';
}

function isPending({ task }: TaskRecord): boolean {
  return task.lastStatus !== 'RUNNING' && task.desiredStatus === 'RUNNING';
}

/** `ecs-svc/` and 19 digits. */
function deploymentId(): string {
  const digits = Array.from({ length: 18 }, () => randomInt(10));
  return `ecs-svc/${randomInt(1, 10)}${digits.join('')}`;
}
