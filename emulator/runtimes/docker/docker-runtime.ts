import type { ContainerRuntime } from '../runtime.ts';
import type { RuntimeOptions } from '../index.ts';
import type { DockerProbe } from './probe.ts';

/** Runs containers through the Docker API. */
export async function createDockerRuntime(
  _probe: Extract<DockerProbe, { available: true }>,
  _options: RuntimeOptions,
): Promise<ContainerRuntime> {
  throw new Error('The docker runtime is not there yet; set LOCAL_RUNTIME=process.');
}
