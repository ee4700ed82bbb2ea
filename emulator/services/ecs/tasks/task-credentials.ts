import { nameOf } from '../arns.ts';
import type { EcsDependencies, EcsState, TaskRecord } from '../state.ts';

/** Milliseconds after which an SDK asks anew, as with the agent's. */
const LIFETIME = 6 * 3_600_000;

type Keys = ReturnType<NonNullable<EcsDependencies['taskCredentials']>> | EcsDependencies['containerCredentials'];

/**
 * What the credentials endpoint hands to a task's containers: the keys of a session of its task role, named
 * after the task as on AWS. A task without a role has none on AWS; here it gets the emulator's own, so that
 * the SDK in its containers reaches the emulated services.
 */
export function taskCredentials({ dependencies }: EcsState, record: TaskRecord): Record<string, string> {
  const roleArn = record.task.overrides?.taskRoleArn ?? record.definition.taskRoleArn;
  const keys = issue(dependencies, record, roleArn);
  return {
    ...(roleArn !== undefined && { RoleArn: roleArn }),
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    Token: keys.sessionToken ?? '',
    Expiration: new Date(dependencies.clock.now() + LIFETIME).toISOString(),
  };
}

function issue(dependencies: EcsDependencies, { task }: TaskRecord, roleArn: string | undefined): Keys {
  const session = roleArn !== undefined && dependencies.taskCredentials?.(roleArn, nameOf(task.taskArn));
  return session || dependencies.containerCredentials;
}
