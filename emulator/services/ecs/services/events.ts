import { randomUUID } from 'node:crypto';
import type { Service } from '@aws-sdk/client-ecs';

/** "A maximum of 100 of the latest events are displayed." (API reference, Service) */
const KEPT_EVENTS = 100;

/** An event about tasks names at most so many of them. */
const TASKS_PER_EVENT = 10;

const TROUBLESHOOTING = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

/**
 * What a service tells of, in the words of the developer guide's "Amazon ECS service event messages" and of
 * the events that users of AWS report. Each takes the service's name.
 */
export const eventMessages = {
  steadyState: (name: string) => `(service ${name}) has reached a steady state.`,

  started: (name: string, taskIds: readonly string[], unhealthy: number) =>
    `(service ${name}) has started ${taskIds.length} tasks: ${namesOf(taskIds)}.` +
    (unhealthy > 0 ? ` Amazon ECS replaced ${unhealthy} tasks due to an unhealthy status.` : ''),

  stoppedRunning: (name: string, taskIds: readonly string[]) =>
    `(service ${name}) has stopped ${taskIds.length} running tasks: ${namesOf(taskIds)}.`,

  stoppedPending: (name: string, count: number) => `(service ${name}) stopped ${count} pending tasks.`,

  failedHealthChecks: (name: string, taskId: string) =>
    `(service ${name}) (task ${taskId}) failed container health checks.`,

  deploymentCompleted: (name: string, deploymentId: string) =>
    `(service ${name}) (deployment ${deploymentId}) deployment completed.`,

  deploymentFailed: (name: string, deploymentId: string) =>
    `(service ${name}) (deployment ${deploymentId}) deployment failed: tasks failed to start.`,

  rollingBack: (name: string, deploymentId: string) => `(service ${name}) rolling back to deployment ${deploymentId}.`,

  unableToStart: (name: string) =>
    `(service ${name}) is unable to consistently start tasks successfully. ${TROUBLESHOOTING}`,

  /** @param why a sentence, or the beginning of one about the closest container instance */
  unableToPlace: (name: string, why: string) =>
    `(service ${name}) was unable to place a task because no container instance met all of its requirements. ${why} ${TROUBLESHOOTING}`,

  failedToLaunch: (name: string, reason: string) =>
    `(service ${name}) was unable to place a task. Reason: ${reason.replace(/\.$/, '')}.`,

  blockedByConfiguration: (name: string) =>
    `(service ${name}) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.`,

  protectedTasks: (name: string, deploymentId: string, count: number) =>
    `(service ${name}, taskSet ${deploymentId}) was unable to scale in due to (reason ${count} tasks under protection)`,
};

/** Adds an event; the newest comes first, and those beyond the hundredth are gone. */
export function addEvent(service: Service, at: Date, message: string): void {
  service.events = [{ id: randomUUID(), createdAt: at, message }, ...(service.events ?? [])].slice(0, KEPT_EVENTS);
}

/** The ids of tasks in parts of which each fits one event. */
export function inParts(taskIds: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let start = 0; start < taskIds.length; start += TASKS_PER_EVENT) {
    parts.push(taskIds.slice(start, start + TASKS_PER_EVENT));
  }
  return parts;
}

/**
 * What keeps a task from a container instance, as an event tells it.
 *
 * @param reason as `placeTask` gives it
 */
export function closestInstance(instanceId: string, reason: string): string {
  return `The closest matching (container-instance ${instanceId}) ${shortcomings[reason] ?? `encountered error "${reason}".`}`;
}

const shortcomings: Readonly<Record<string, string>> = {
  'RESOURCE:CPU': 'has insufficient CPU units available.',
  'RESOURCE:MEMORY': 'has insufficient memory available.',
  'RESOURCE:PORTS': 'is already using a port required by your task.',
  'RESOURCE:GPU': 'has insufficient GPU resource available.',
  ATTRIBUTE: 'is missing an attribute required by your task.',
};

function namesOf(taskIds: readonly string[]): string {
  return taskIds.map((id) => `(task ${id})`).join(' ');
}
