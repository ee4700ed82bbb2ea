import { isOwnArn, parseArn } from '../arns.ts';
import { client, invalidParameter } from '../errors.ts';
import type { EcsState, TaskDefinitionRecord } from '../state.ts';
import { definitionOf } from './deletion.ts';

/** A task definition as the state holds it, while there is one. */
export type RegisteredTaskDefinition = NonNullable<TaskDefinitionRecord['definition']>;

/**
 * Finds a task definition.
 *
 * @param identifier a family, which means its latest ACTIVE revision, or `family:revision`, or an ARN
 * @throws AwsError InvalidParameterException when the revision is no number
 */
export function findTaskDefinition(state: EcsState, identifier: string): RegisteredTaskDefinition | undefined {
  const reference = parseReference(state, identifier);
  if (!reference) return undefined;
  const records = state.families.get(reference.family) ?? [];
  if (reference.revision !== undefined) return definitionOf(state, records[reference.revision - 1]);
  return records.findLast(({ definition }) => definition?.status === 'ACTIVE')?.definition;
}

/**
 * Finds one revision, for the operations that never mean "the latest".
 *
 * @throws AwsError ClientException when the identifier names no revision, InvalidParameterException when
 *   the revision is no number
 */
export function findRevision(state: EcsState, identifier: string): RegisteredTaskDefinition | undefined {
  const reference = parseReference(state, identifier);
  if (!reference) return undefined;
  if (reference.revision === undefined) throw client('Revision is missing.');
  return definitionOf(state, state.families.get(reference.family)?.[reference.revision - 1]);
}

/**
 * Finds the task definition that RunTask, CreateService and the like start tasks from.
 *
 * @throws AwsError ClientException when there is none, or it is not ACTIVE
 */
export function requireTaskDefinition(state: EcsState, identifier: string | undefined): RegisteredTaskDefinition {
  const definition = identifier === undefined ? undefined : findTaskDefinition(state, identifier);
  if (!definition) throw client('TaskDefinition not found.');
  if (definition.status !== 'ACTIVE') throw client('TaskDefinition is inactive');
  return definition;
}

/** Undefined for what cannot be one of this account's task definitions in this region. */
function parseReference(
  state: EcsState,
  identifier: string,
): { readonly family: string; readonly revision: number | undefined } | undefined {
  let named = identifier;
  if (identifier.startsWith('arn:')) {
    const arn = parseArn(identifier);
    if (arn?.resource !== 'task-definition' || arn.parts.length !== 1) return undefined;
    if (!isOwnArn(state, arn)) return undefined;
    named = arn.parts[0] ?? '';
  }
  const separator = named.indexOf(':');
  if (separator < 0) return { family: named, revision: undefined };
  const revision = named.slice(separator + 1);
  if (!/^\d+$/.test(revision)) throw invalidParameter(`Invalid revision number. Number: ${revision}`);
  return { family: named.slice(0, separator), revision: Number(revision) };
}
