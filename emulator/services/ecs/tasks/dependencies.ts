import type { ContainerCondition, ContainerDefinition } from '@aws-sdk/client-ecs';

/** What the order of start and stop depends on, of one container. */
export interface ContainerProgress {
  readonly phase: 'waiting' | 'starting' | 'running' | 'stopped';
  /** True once its first process ran. */
  readonly started: boolean;
  /** Set when it has run and exited for good. */
  readonly exitCode?: number;
  readonly healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  /** True when `startTimeout` has passed since its start. */
  readonly startTimedOut: boolean;
}

export type StartDecision =
  | { readonly kind: 'start' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'never'; readonly reason: string };

/**
 * Decides whether a container may start now.
 *
 * Links and `volumesFrom` count as a dependency on the other container's start, as in the ECS agent.
 *
 * @param definition the container that wants to start
 * @param progress every container of the task, by name
 */
export function decideStart(
  definition: ContainerDefinition,
  progress: ReadonlyMap<string, ContainerProgress>,
): StartDecision {
  for (const { containerName, condition } of dependenciesOf(definition)) {
    const dependency = progress.get(containerName);
    if (!dependency) continue; // RegisterTaskDefinition has refused names that are not there
    const subject = `container ordering dependency [${containerName}] for target [${definition.name ?? ''}]`;
    if (isMet(condition, dependency)) continue;
    if (condition === 'SUCCESS' && dependency.exitCode !== undefined) {
      return never(`failed to resolve ${subject} as dependency did not exit successfully.`);
    }
    if (dependency.phase === 'stopped') return never(`failed to resolve the ${subject}`);
    if (condition !== 'START' && dependency.startTimedOut) return never(`${subject} has timed out.`);
    return { kind: 'wait' };
  }
  return { kind: 'start' };
}

/**
 * Tells whether a container may be stopped: shutdown runs in the reverse order of start, so that all that
 * depend on it must have stopped first.
 */
export function mayStop(
  name: string,
  definitions: readonly ContainerDefinition[],
  progress: ReadonlyMap<string, ContainerProgress>,
): boolean {
  return definitions.every((other) => {
    const phase = progress.get(other.name ?? '')?.phase;
    if (phase !== 'running' && phase !== 'starting') return true;
    return !dependenciesOf(other).some((dependency) => dependency.containerName === name);
  });
}

/** All dependencies of a container: `dependsOn`, and those that links and `volumesFrom` imply. */
export function dependenciesOf(
  definition: ContainerDefinition,
): readonly { containerName: string; condition: ContainerCondition }[] {
  const implied = [
    ...(definition.links ?? []).map((link) => link.split(':')[0] ?? link),
    ...(definition.volumesFrom ?? []).map((volume) => volume.sourceContainer ?? ''),
  ];
  return [
    ...(definition.dependsOn ?? []).map((dependency) => ({
      containerName: dependency.containerName ?? '',
      condition: dependency.condition ?? 'START',
    })),
    ...implied.map((containerName) => ({ containerName, condition: 'START' as const })),
  ];
}

function isMet(condition: ContainerCondition, dependency: ContainerProgress): boolean {
  switch (condition) {
    case 'START':
      return dependency.started;
    case 'COMPLETE':
      return dependency.phase === 'stopped' && dependency.exitCode !== undefined;
    case 'SUCCESS':
      return dependency.phase === 'stopped' && dependency.exitCode === 0;
    case 'HEALTHY':
      return dependency.phase === 'running' && dependency.healthStatus === 'HEALTHY';
    default:
      return false;
  }
}

// The ECS agent reports it like this (agent/engine/dependencygraph/graph.go).
function never(problem: string): StartDecision {
  return { kind: 'never', reason: `CannotStartContainerError: dependency graph: ${problem}` };
}
