import type { DeploymentBounds } from './deployment-bounds.ts';

/** What the scheduler has to know of one task of a service that has not ended. */
export interface PlannedTask {
  readonly id: string;
  /**
   * - `pending`: on its way to RUNNING
   * - `running`: RUNNING, but nobody knows yet whether it is well
   * - `healthy`: RUNNING and counted as healthy
   * - `unhealthy`: RUNNING, and an essential container failed its health checks
   * - `leaving`: the scheduler has stopped it, and it has not ended
   */
  readonly phase: 'pending' | 'running' | 'healthy' | 'unhealthy' | 'leaving';
  /** It belongs to what the service should run: the deployment that starts tasks, on an instance that may keep it. */
  readonly isCurrent: boolean;
  /** Scale-in protection. */
  readonly isProtected: boolean;
  /** Where it runs; tasks are taken from the places that have most of them. */
  readonly zone: string;
  readonly instance: string;
}

export interface PlanRequest {
  /** Oldest first. */
  readonly tasks: readonly PlannedTask[];
  readonly desired: number;
  readonly bounds: DeploymentBounds;
  /** The instances have no room for another task, so that some old ones may have to go first. */
  readonly isOutOfRoom: boolean;
}

export interface Plan {
  readonly start: number;
  /** Of those to start, how many stand in for unhealthy ones. */
  readonly replacesUnhealthy: number;
  readonly stop: readonly PlannedTask[];
  /** How many tasks would be stopped, were they not protected. */
  readonly keptByProtection: number;
  /** Tasks are to be replaced, but the bounds allow neither to start nor to stop one, now or after a while. */
  readonly isBlocked: boolean;
}

/**
 * What to start and what to stop next, so that a service comes to run `desired` current tasks and no others.
 *
 * It never stops a healthy task when that leaves fewer than `bounds.lower`, and never starts one beyond
 * `bounds.upper`. A task that it stopped counts until it has ended: "replacement tasks can't start until the
 * draining tasks have stopped" (API reference, UpdateContainerInstancesState). Old tasks go oldest first, and
 * only when current ones stand in for them or their place is needed.
 */
export function planDeployment({ tasks, desired, bounds, isOutOfRoom }: PlanRequest): Plan {
  const live = tasks.filter(({ phase }) => phase !== 'leaving');
  const current = live.filter(({ isCurrent }) => isCurrent);
  const obsolete = live.filter(({ isCurrent }) => !isCurrent);
  const unhealthy = current.filter(isUnhealthy);
  const good = current.filter((task) => !isUnhealthy(task));
  const healthy = live.filter(isHealthy);

  const missing = Math.max(0, desired - good.length);
  const room = Math.max(0, bounds.upper - tasks.length);
  const start = Math.min(missing, room);
  const isFull = missing > room || isOutOfRoom;

  const stop = new Set<PlannedTask>();
  let kept = 0;
  const choose = (candidates: readonly PlannedTask[], count: number): void => {
    const free = candidates.filter((task) => !task.isProtected);
    kept += Math.max(0, Math.min(count, candidates.length) - free.length);
    for (const task of free.slice(0, Math.max(0, count))) stop.add(task);
  };

  // What is not known to be well is missed by nobody. One that may turn out well is given the time to.
  const useless = obsolete.filter(({ phase }) => phase === 'pending' || phase === 'unhealthy');
  choose(useless, useless.length);

  const excess = Math.max(0, good.length - desired);
  const unready = good.filter((task) => !isHealthy(task)).toReversed();
  choose(unready, excess);
  const surplusCurrent = Math.max(0, excess - unready.length);

  const spare = Math.max(0, healthy.length - bounds.lower);
  const shortage = isOutOfRoom ? missing : missing - room;
  const healthyCurrent = current.filter(isHealthy).length;
  const unsettled = obsolete.filter(({ phase }) => phase === 'healthy' || phase === 'running');
  // Current tasks stand in for old ones once they are healthy; those that were scaled in do not.
  const replaced = unsettled.length - Math.max(0, desired - healthyCurrent);
  const wanted = Math.max(0, replaced, shortage);
  // Those of which nobody knows whether they are well go first: the lower bound counts healthy ones, and where
  // it lacks some, whatever is RUNNING has to do.
  const unknown = obsolete.filter(({ phase }) => phase === 'running').toReversed();
  const standing = live.filter(({ phase }) => phase === 'healthy' || phase === 'running').length;
  const dispensable = healthy.length >= bounds.lower ? unknown.length : Math.max(0, standing - bounds.lower);
  const before = stop.size;
  choose(unknown, Math.min(wanted, dispensable));
  choose(obsolete.filter(isHealthy), Math.min(wanted - (stop.size - before), spare));
  choose(byCrowd(good.filter(isHealthy)), Math.min(surplusCurrent, Math.max(0, spare - countHealthy(stop))));

  // Developer guide, "Amazon ECS services": a replacement first, then the unhealthy task goes; where there is
  // no room for one, unhealthy tasks go one by one.
  const standIns = Math.max(0, desired - healthyCurrent);
  choose(unhealthy, unhealthy.length - standIns);
  const leaving = tasks.length - live.length;
  if (unhealthy.length > 0 && isFull && leaving === 0 && stop.size === 0) choose(unhealthy, 1);

  return {
    start,
    replacesUnhealthy: Math.min(start, unhealthy.length),
    stop: [...stop],
    keptByProtection: kept,
    isBlocked:
      obsolete.length > 0 &&
      missing > 0 &&
      start === 0 &&
      stop.size === 0 &&
      leaving === 0 &&
      live.every(({ phase, isProtected }) => phase === 'healthy' && !isProtected),
  };
}

function isHealthy({ phase }: PlannedTask): boolean {
  return phase === 'healthy';
}

function isUnhealthy({ phase }: PlannedTask): boolean {
  return phase === 'unhealthy';
}

function countHealthy(tasks: ReadonlySet<PlannedTask>): number {
  return [...tasks].filter(isHealthy).length;
}

/**
 * The order of scaling in (API reference, UpdateService): from the Availability Zone with the most tasks of
 * the service, there from the instance with the most; among equals the oldest first.
 */
function byCrowd(tasks: readonly PlannedTask[]): PlannedTask[] {
  const left = [...tasks];
  const order: PlannedTask[] = [];
  while (left.length > 0) {
    const inZone = tally(left.map(({ zone }) => zone));
    const onInstance = tally(left.map(({ instance }) => instance));
    const weight = ({ zone, instance }: PlannedTask) =>
      (inZone.get(zone) ?? 0) * (tasks.length + 1) + (onInstance.get(instance) ?? 0);
    let next = 0;
    let heaviest = -1;
    for (const [index, task] of left.entries()) {
      if (weight(task) <= heaviest) continue;
      heaviest = weight(task);
      next = index;
    }
    order.push(...left.splice(next, 1));
  }
  return order;
}

function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
