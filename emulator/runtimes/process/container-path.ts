import path from 'node:path';
import { ContainerStartError } from '../runtime.ts';

/**
 * Where a path of a container lies in its folder. As in a file system of its own, nothing leads above `/`:
 * `/../etc` is `/etc`.
 */
export function pathInFolder(root: string, containerPath: string): string {
  return path.join(root, path.posix.resolve('/', containerPath).slice(1));
}

/**
 * Where a volume is to be mounted, as an absolute path without `.` and `..`.
 *
 * @throws ContainerStartError in Docker's words for a relative path, and for one that is the whole file system
 */
export function mountTarget(containerPath: string, type: 'bind' | 'volume'): string {
  const target = path.posix.resolve('/', containerPath);
  if (!path.posix.isAbsolute(containerPath)) {
    throw invalidMount(type, `invalid mount path: '${containerPath}' mount path must be absolute`);
  }
  if (target === '/') throw invalidMount(type, "invalid specification: destination can't be '/'");
  return target;
}

function invalidMount(type: 'bind' | 'volume', problem: string): ContainerStartError {
  return new ContainerStartError(
    'create',
    `Error response from daemon: invalid mount config for type "${type}": ${problem}`,
  );
}
