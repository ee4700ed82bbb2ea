/**
 * How many failed tasks make a deployment fail: half of the desired count rounded up, at least 3 and at most
 * 200 (developer guide, "How the Amazon ECS deployment circuit breaker detects failures").
 */
export function failureThreshold(desired: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desired * 0.5)));
}

/** What the circuit breaker counts of one deployment. */
export interface FailureCount {
  /** Failed tasks in a row; 0 again, for good, once one succeeded. */
  failures: number;
  /** A task of the deployment became healthy: from then on nothing counts as a failure of the deployment. */
  succeeded: boolean;
}

/**
 * Counts a task that could not be placed, did not reach RUNNING, or failed its health checks (API reference,
 * Deployment, failedTasks). The first two are the first stage of the developer guide, the last the second.
 */
export function countFailure(count: FailureCount): void {
  if (!count.succeeded) count.failures += 1;
}

/** "Once a service deployment has one or more successfully running tasks, the failed task count resets to zero and stops being evaluated." */
export function countSuccess(count: FailureCount): void {
  count.failures = 0;
  count.succeeded = true;
}

/** Whether a deployment with so many failures has failed. */
export function isBroken(count: FailureCount, desired: number): boolean {
  return !count.succeeded && count.failures >= failureThreshold(desired);
}
