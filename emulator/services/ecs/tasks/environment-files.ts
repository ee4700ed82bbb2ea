import type { ContainerDefinition, TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import type { EcsDependencies } from '../state.ts';
import { overrideOf } from './container-spec.ts';

/** Variables by container and name. */
export type FileEnvironments = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * Reads the environment files of a task from S3
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html). Where files of
 * one container name the same variable, the first one counts.
 *
 * @param readObject reads an object of S3 as text
 * @throws Error that names the file which cannot be had, and S3's reason
 */
export async function readEnvironmentFiles(
  definition: TaskDefinition,
  overrides: TaskOverride | undefined,
  readObject: EcsDependencies['readObject'],
): Promise<FileEnvironments> {
  const environments = new Map<string, Readonly<Record<string, string>>>();
  for (const container of definition.containerDefinitions ?? []) {
    const environment: Record<string, string> = {};
    for (const arn of filesOf(container, overrides)) {
      for (const [name, value] of parseEnvironmentFile(await read(arn, readObject))) {
        if (!Object.hasOwn(environment, name)) environment[name] = value;
      }
    }
    environments.set(container.name ?? '', environment);
  }
  return environments;
}

/** RunTask's files come instead of the definition's. */
function filesOf(container: ContainerDefinition, overrides: TaskOverride | undefined): string[] {
  const files = overrideOf(overrides, container.name)?.environmentFiles ?? container.environmentFiles ?? [];
  return files.map(({ value }) => value ?? '');
}

async function read(arn: string, readObject: EcsDependencies['readObject']): Promise<string> {
  const [, bucket = '', key = ''] = /^arn:[^:]+:s3:::([^/]+)\/(.+)$/.exec(arn) ?? [];
  try {
    return await readObject(bucket, key);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`failed to download env files: ${arn}: ${reason}`, { cause: error });
  }
}

/** `VARIABLE=VALUE` lines as Docker reads them: nothing is quoted or substituted, `#` begins a comment line. */
function parseEnvironmentFile(text: string): [name: string, value: string][] {
  return text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, name, value] = /^\s*([^\s#=][^\s=]*)=(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
}
