import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { engineErrorStatus } from './engine-error.ts';

/** As many characters as Docker shows of its own ids. */
const SHORT_ID_LENGTH = 12;

/**
 * The name under which `docker ps` shows a container: the beginning of its task's id, and what it is in the task.
 *
 * @param parts e.g. a container definition's name; what Docker allows in no name becomes a dash
 */
export function containerName(taskId: string, ...parts: readonly string[]): string {
  return ['cloud-testbed', taskId.slice(0, SHORT_ID_LENGTH), ...parts].join('-').replaceAll(/[^a-zA-Z0-9_.-]/g, '-');
}

/**
 * Creates a container under a name, or, when another has it (an earlier start in the same task, say), under
 * that name and a random ending.
 */
export async function createNamedContainer(
  engine: Docker,
  name: string,
  options: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  try {
    return await engine.createContainer({ ...options, name });
  } catch (error) {
    // The only conflict that there can be: https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerCreate
    if (engineErrorStatus(error) !== 409) throw error;
    return engine.createContainer({ ...options, name: `${name}-${randomBytes(3).toString('hex')}` });
  }
}
