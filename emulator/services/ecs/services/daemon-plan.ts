import type { DeploymentBounds } from './deployment-bounds.ts';
import type { PlannedTask } from './deployment-plan.ts';

export interface DaemonPlanRequest {
  /** Oldest first. */
  readonly tasks: readonly PlannedTask[];
  /** The container instances that are to run a task each, by ARN. */
  readonly instances: readonly string[];
  readonly bounds: DeploymentBounds;
}

export interface DaemonPlan {
  /** The ARNs of the instances on which to start a task. */
  readonly startOn: readonly string[];
  readonly stop: readonly PlannedTask[];
}

/**
 * What to start and what to stop next, so that a daemon runs one current task on every instance that is to
 * have one. An instance never gets a second task before its old one has ended (API reference,
 * DeploymentConfiguration: a daemon's maximum is 100 percent); old ones go while `bounds.lower` healthy tasks
 * stay. Scale-in protection does not hold a daemon back, since it has no desired count to scale in.
 */
export function planDaemon({ tasks, instances, bounds }: DaemonPlanRequest): DaemonPlan {
  const wanted = new Set(instances);
  const occupied = new Set(tasks.map(({ instance }) => instance));
  const live = tasks.filter(({ phase }) => phase !== 'leaving');
  const stop: PlannedTask[] = [];
  let healthy = live.filter(({ phase }) => phase === 'healthy').length;
  const served = new Set<string>();
  for (const task of live) {
    const misplaced = !wanted.has(task.instance) || served.has(task.instance);
    served.add(task.instance);
    const unsound = task.phase === 'unhealthy' || (task.phase === 'pending' && !task.isCurrent);
    if (misplaced || unsound) {
      stop.push(task);
      if (task.phase === 'healthy') healthy -= 1;
    }
  }
  for (const task of live) {
    if (task.isCurrent || stop.includes(task)) continue;
    if (task.phase === 'healthy' && healthy - 1 >= bounds.lower) {
      stop.push(task);
      healthy -= 1;
    } else if (task.phase === 'running' && healthy >= bounds.lower) stop.push(task);
  }
  return { startOn: instances.filter((instance) => !occupied.has(instance)), stop };
}
