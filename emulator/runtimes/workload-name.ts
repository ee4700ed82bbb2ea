import path from 'node:path';

/** The project's own workloads, unless a runtime is told otherwise. */
export const WORKLOADS_FOLDER = path.resolve(import.meta.dirname, '../../workloads');

/** The name of the workload that an image is: `workloads/web` and `cloud-testbed/web:latest` are `web`. */
export function workloadName(image: string): string | undefined {
  return /^(?:cloud-testbed|workloads)\/(?<name>[a-z0-9][a-z0-9._-]*)(?::[^/]*)?$/.exec(image)?.groups?.['name'];
}
