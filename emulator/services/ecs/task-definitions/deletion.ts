import type { EcsState, TaskDefinitionRecord } from '../state.ts';
import type { RegisteredTaskDefinition } from './task-definitions.ts';

/** Milliseconds for which a deleted revision stays at least; AWS names no time. */
const DELETION_TIME = 3_600_000;

/**
 * Requests the deletion of an inactive revision. It "will stay in DELETE_IN_PROGRESS status until all the
 * associated tasks and services have been terminated" (API reference, DeleteTaskDefinitions).
 */
export function requestDeletion(state: EcsState, definition: RegisteredTaskDefinition): void {
  if (definition.status === 'DELETE_IN_PROGRESS') return;
  definition.status = 'DELETE_IN_PROGRESS';
  definition.deleteRequestedAt = new Date(state.dependencies.clock.now());
}

/** The definition of a revision. One whose deletion is over by now is removed with its tags at this look. */
export function definitionOf(
  state: EcsState,
  record: TaskDefinitionRecord | undefined,
): RegisteredTaskDefinition | undefined {
  const definition = record?.definition;
  if (record && definition?.status === 'DELETE_IN_PROGRESS' && isDeletionOver(state, definition)) {
    record.definition = undefined;
    state.tags.delete(definition.taskDefinitionArn);
  }
  return record?.definition;
}

function isDeletionOver(state: EcsState, { deleteRequestedAt, taskDefinitionArn }: RegisteredTaskDefinition): boolean {
  const end = (deleteRequestedAt?.getTime() ?? 0) + DELETION_TIME;
  return state.dependencies.clock.now() >= end && !isUsed(state, taskDefinitionArn);
}

function isUsed(state: EcsState, arn: string): boolean {
  return (
    [...state.tasks.values()].some(({ task }) => task.taskDefinitionArn === arn && task.lastStatus !== 'STOPPED') ||
    [...state.services.values()].some(
      ({ service }) =>
        service.status !== 'INACTIVE' &&
        (service.taskDefinition === arn || service.deployments?.some(({ taskDefinition }) => taskDefinition === arn)),
    )
  );
}
