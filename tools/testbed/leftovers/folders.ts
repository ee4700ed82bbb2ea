import { execFile } from 'node:child_process';
import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Leftover } from './leftover.ts';

/** Milliseconds. Whoever makes a folder starts its watcher at once. */
const watchedAge = 60_000;
const unwatchedAge = 24 * 3_600_000;

/** What the names of our temporary folders begin with, and how old one must be that no process names. */
const prefixes: readonly (readonly [prefix: string, age: number])[] = [
  // Nothing watches it: it is there for one look.
  ['cloud-testbed-mount-', unwatchedAge],
  // A shell that watches over it has its path among its arguments.
  ['cloud-testbed-', watchedAge],
  ['testbed-build-', unwatchedAge],
  ['testbed-budget-', unwatchedAge],
  ['testbed-bench-', unwatchedAge],
];

/**
 * Looks for temporary folders of ours that belong to no living process.
 *
 * @param parent where they are
 * @param commandLines those of all processes of this machine
 */
export async function findFolderLeftovers(
  parent: string = tmpdir(),
  commandLines: () => Promise<string> = listCommandLines,
): Promise<Leftover[]> {
  // In this order: one that is made afterwards is not in the list.
  const names = (await readdir(parent)).filter((name) => ageOf(name) !== undefined);
  const running = await commandLines();
  const old = await Promise.all(names.map(async (name) => !running.includes(name) && (await isOld(parent, name))));
  return names
    .filter((_name, index) => old[index])
    .map((name) => ({
      kind: 'folder',
      name: path.join(parent, name),
      remove: () => rm(path.join(parent, name), { recursive: true, force: true }),
    }));
}

async function isOld(parent: string, name: string): Promise<boolean> {
  const found = await lstat(path.join(parent, name)).catch(() => undefined);
  if (!found?.isDirectory()) return false;
  const isOurs = process.platform === 'win32' || found.uid === userInfo().uid;
  return isOurs && Date.now() - found.mtimeMs > (ageOf(name) ?? Infinity);
}

function ageOf(name: string): number | undefined {
  return prefixes.find(([prefix]) => name.startsWith(prefix))?.[1];
}

/** Where nobody can tell what runs, every folder may be somebody's. */
async function listCommandLines(): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'args='], { maxBuffer: 64 * 1_048_576 });
  return stdout;
}
