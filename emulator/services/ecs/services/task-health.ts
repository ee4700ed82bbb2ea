import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { TaskRecord } from '../state.ts';
import { checkedContainersAreHealthy } from '../tasks/task-state.ts';

/**
 * How long a task without health checks has to be RUNNING before it counts as healthy, in milliseconds.
 *
 * On AWS it is 40 seconds (API reference, DeploymentConfiguration, minimumHealthyPercent). Here it is long
 * enough to see that a task which exits right after its start does so, and longer where a deployment may
 * fail by it.
 */
export function settlingTime({ deploymentCircuitBreaker }: DeploymentConfiguration): number {
  return deploymentCircuitBreaker?.enable === true ? 400 : 150;
}

/** Whether essential containers of the task have health checks, by which it is known to be healthy. */
export function hasHealthChecks({ definition }: TaskRecord): boolean {
  return (definition.containerDefinitions ?? []).some(
    ({ essential, healthCheck }) => essential !== false && healthCheck?.command?.length,
  );
}

/** Whether every essential container with a health check is HEALTHY. */
export function passesHealthChecks({ definition, task }: TaskRecord): boolean {
  return checkedContainersAreHealthy(definition, task.containers ?? []);
}
