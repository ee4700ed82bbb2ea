import { parseArn } from '../arns.ts';
import { client } from '../errors.ts';
import type { EcsState, TaskDefinitionRecord } from '../state.ts';

/** A task definition as the state holds it, while there is one. */
export type RegisteredTaskDefinition = NonNullable<TaskDefinitionRecord['definition']>;

/**
 * Finds a task definition.
 *
 * @param identifier a family, which means its latest ACTIVE revision, or `family:revision`, or an ARN
 */
export function findTaskDefinition(state: EcsState, identifier: string): RegisteredTaskDefinition | undefined {
  const named = nameOf(state, identifier);
  if (named === undefined) return undefined;
  const [, family = '', revision] = /^([^:]*)(?::(\d+))?$/.exec(named) ?? [];
  const records = state.families.get(family) ?? [];
  if (revision !== undefined) return records[Number(revision) - 1]?.definition;
  return records.findLast(({ definition }) => definition?.status === 'ACTIVE')?.definition;
}

/**
 * Finds the task definition that RunTask, CreateService and the like start tasks from.
 *
 * @throws AwsError ClientException when there is none, or it is not ACTIVE
 */
export function requireTaskDefinition(state: EcsState, identifier: string | undefined): RegisteredTaskDefinition {
  const definition = identifier === undefined ? undefined : findTaskDefinition(state, identifier);
  if (!definition || definition.status === 'DELETE_IN_PROGRESS') throw client('TaskDefinition not found.');
  if (definition.status === 'INACTIVE') throw client('TaskDefinition is inactive');
  return definition;
}

function nameOf(state: EcsState, identifier: string): string | undefined {
  if (!identifier.startsWith('arn:')) return identifier;
  const arn = parseArn(identifier);
  if (arn?.resource !== 'task-definition' || arn.region !== state.region) return undefined;
  return arn.account === state.dependencies.account ? arn.parts[0] : undefined;
}
