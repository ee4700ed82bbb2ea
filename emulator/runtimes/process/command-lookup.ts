import { constants, accessSync, statSync } from 'node:fs';
import path from 'node:path';
import { ContainerStartError } from '../runtime.ts';
import { pathInFolder } from './container-path.ts';

/**
 * Finds the program that an argument vector means, as runc does: in PATH, or by its path when it has a slash.
 *
 * @param where `root` is the container's folder, which goes before the machine's for absolute paths;
 *   `path` the folders to search, `workingDirectory` the one that relative paths start from
 * @returns an absolute path of this machine
 * @throws ContainerStartError in runc's words when it is not there or not executable
 */
export function lookUpCommand(
  program: string,
  where: { root: string; path: readonly string[]; workingDirectory: string },
): string {
  if (!program.includes('/')) {
    const found = where.path.map((folder) => path.join(folder, program)).find(isExecutable);
    if (found !== undefined) return found;
    throw startError(`exec: ${JSON.stringify(program)}: executable file not found in $PATH`);
  }
  const candidates = path.isAbsolute(program)
    ? [pathInFolder(where.root, program), program]
    : [path.resolve(where.workingDirectory, program)];
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  if (candidates.some((candidate) => statSync(candidate, { throwIfNoEntry: false }))) {
    throw startError(`exec: ${JSON.stringify(program)}: permission denied`);
  }
  throw startError(`exec: ${JSON.stringify(program)}: stat ${program}: no such file or directory`);
}

function startError(problem: string): ContainerStartError {
  return new ContainerStartError(
    'start',
    'Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create ' +
      `failed: runc create failed: unable to start container process: ${problem}: unknown`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
