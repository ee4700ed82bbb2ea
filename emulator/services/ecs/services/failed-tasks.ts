import type { EcsState, ServiceRecord } from '../state.ts';
import { countFailure } from './circuit-breaker.ts';
import { eventMessages } from './events.ts';
import type { DeploymentRecord, ScheduledTask } from './service-rollout.ts';
import { placementRetryDelay, PATIENCE, retryDelay } from './throttle.ts';
import { tellOnce } from './told.ts';

/**
 * Judges a task that began to stop without the scheduler's doing: whether it counts as a failure of its
 * deployment. One that somebody stopped does not, nor one that was healthy before.
 */
export function judgeEnd(state: EcsState, record: ServiceRecord, ended: ScheduledTask, wake: () => void): void {
  const { task } = ended.record;
  const deployment = record.rollout.deployments.get(ended.deploymentId);
  if (!deployment || ended.isHealthy || task.stopCode === 'UserInitiated') return;
  countTaskFailure(deployment);
  if (task.stopCode === 'TaskFailedToStart') {
    const reason = task.containers?.find((container) => container.reason !== undefined)?.reason;
    const told = task.launchType === 'FARGATE' ? task.stoppedReason : (reason ?? task.stoppedReason);
    tellOnce(state, record, 'launch', eventMessages.failedToLaunch(record.service.serviceName, told ?? ''));
  }
  // Tasks that were started together fail together: that is one attempt.
  if (ended.round === deployment.round) {
    failRound(state, record, deployment, task.startedAt === undefined ? 'not started' : 'exited', wake);
  }
}

/** Counts a failed task for the circuit breaker. */
export function countTaskFailure(deployment: DeploymentRecord): void {
  countFailure(deployment.failures);
  const breaker = deployment.serviceDeployment.deployment.deploymentCircuitBreaker;
  if (breaker && !deployment.isRollback && breaker.status !== 'DISABLED') {
    breaker.failureCount = deployment.failures.failures;
  }
}

/**
 * Ends a round of starts that failed, and has the next one wait as long as it has to.
 *
 * @param how it failed: no instance took the task, or it did not reach RUNNING, or it exited soon after
 */
export function failRound(
  state: EcsState,
  record: ServiceRecord,
  deployment: DeploymentRecord,
  how: 'unplaced' | 'not started' | 'exited',
  wake: () => void,
): void {
  deployment.round += 1;
  deployment.failedRounds += 1;
  const { failedRounds } = deployment;
  const delay = how === 'unplaced' ? placementRetryDelay(failedRounds) : retryDelay(failedRounds, how === 'exited');
  if (failedRounds >= PATIENCE) {
    tellOnce(state, record, 'throttle', eventMessages.unableToStart(record.service.serviceName));
  }
  deployment.retryTimer?.cancel();
  delete deployment.retryTimer;
  if (delay === 0) return;
  deployment.retryTimer = state.dependencies.clock.after(delay, () => {
    delete deployment.retryTimer;
    wake();
  });
}
