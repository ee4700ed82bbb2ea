import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ContainerSpec, NetworkBinding } from '../runtime.ts';
import { pathInFolder } from './container-path.ts';
import type { CatalogueImage } from './image-catalogue.ts';
import { CONTAINER_ID_VARIABLE, RUN_ID_VARIABLE } from './process-table.ts';

/** Where Docker's images look for commands, and where macOS has those of Homebrew. */
const MACHINE_PATH = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
  '/opt/homebrew/bin',
].filter((folder) => existsSync(folder));

/**
 * Makes a container's whole environment: the container definition's, over the image's, over PATH, HOME and
 * HOSTNAME, which Docker sets too. Nothing of this process's own environment is in it.
 *
 * PATH: the image's programs first. One that the container or its image names is translated, each folder to
 * the container's own and then the machine's.
 *
 * Ports: `PORT_<container port>` is the port of 127.0.0.1 that stands for a container port of the task, and
 * `PORT` the one for the container's own first. A `PORT` in the container definition that names a container
 * port is translated; any other stays.
 */
export function containerEnvironment(options: {
  spec: ContainerSpec;
  image: CatalogueImage;
  root: string;
  runtimeId: string;
  runId: string;
  bindings: readonly NetworkBinding[];
  taskPorts: readonly NetworkBinding[];
}): Record<string, string> {
  const { spec, image, root, bindings, taskPorts } = options;
  const ports = Object.fromEntries(taskPorts.map((port) => [`PORT_${port.containerPort}`, String(port.hostPort)]));
  const environment: Record<string, string> = {
    PATH: [path.join(root, 'usr/local/bin'), ...MACHINE_PATH].join(':'),
    HOME: root,
    HOSTNAME: spec.hostname ?? options.runtimeId.slice(0, 12),
    ...image.environment,
    ...ports,
    ...spec.environment,
    [RUN_ID_VARIABLE]: options.runId,
    [CONTAINER_ID_VARIABLE]: options.runtimeId,
  };
  const givenPath = spec.environment['PATH'] ?? image.environment['PATH'];
  if (givenPath !== undefined) environment['PATH'] = searchPathInFolder(givenPath, root);
  const given = spec.environment['PORT'];
  const own = given === undefined ? bindings[0] : bindings.find((port) => String(port.containerPort) === given);
  if (own) environment['PORT'] = String(own.hostPort);
  return environment;
}

/** A container's own PATH names container paths: each means the container's folder first, then the machine's. */
function searchPathInFolder(given: string, root: string): string {
  const folders = given.split(':').filter((folder) => path.isAbsolute(folder));
  return folders.flatMap((folder) => [pathInFolder(root, folder), folder]).join(':');
}

/** The folders in which a container's commands are looked up; relative ones are its own affair. */
export function searchPath(environment: Readonly<Record<string, string>>): string[] {
  return (environment['PATH'] ?? '').split(':').filter((folder) => path.isAbsolute(folder));
}
