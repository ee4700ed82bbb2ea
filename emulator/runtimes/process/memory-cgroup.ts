import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import path from 'node:path';

/** Memory limits of containers, each a control group of its own. */
export interface MemoryLimits {
  /** The group above those of the containers. */
  readonly folder: string;
  /** @param limit MiB */
  open(limit: number): MemoryLimit;
  /** Removes the groups that are left; their processes must have ended. */
  close(): Promise<void>;
}

export interface MemoryLimit {
  /** A process that writes its id here belongs to the group. */
  readonly procsFile: string;
  /** Whether the kernel has killed a process of the group for want of memory. */
  wasExceeded(): boolean;
  /** Removes the group once its last process is gone. */
  remove(): Promise<void>;
}

/**
 * Opens memory limits where the kernel lets us make control groups (version 1 or 2): as root, or in a
 * delegated subtree. Elsewhere containers run without one: RLIMIT_AS, the only limit that every user may
 * set, counts reserved addresses, of which Node and the JVM take gigabytes.
 *
 * @returns undefined where limits cannot be enforced
 */
export async function openMemoryLimits(runId: string): Promise<MemoryLimits | undefined> {
  if (process.platform !== 'linux') return undefined;
  const name = `cloud-testbed-${runId}-${process.pid}-${instances++}`;
  for (const { parent, version } of candidates()) {
    const folder = path.join(parent, name);
    if (tryMakeGroup(folder, version)) return memoryLimits(folder, version);
  }
  return undefined;
}

let instances = 0;

type Version = 'v1' | 'v2';

const FILES = {
  v1: { limit: 'memory.limit_in_bytes', swap: 'memory.memsw.limit_in_bytes', events: 'memory.oom_control' },
  v2: { limit: 'memory.max', swap: 'memory.swap.max', events: 'memory.events' },
} as const;

/** Our own group first, then the root: a process may move its children below itself only, unless it is root. */
function candidates(): { parent: string; version: Version }[] {
  let own = '';
  try {
    own = readFileSync('/proc/self/cgroup', 'utf8');
  } catch {
    return [];
  }
  const ownV1 = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(?<path>.*)$/m.exec(own)?.groups?.['path'];
  const ownV2 = /^0::(?<path>.*)$/m.exec(own)?.groups?.['path'];
  const found: { parent: string; version: Version }[] = [];
  if (ownV1 !== undefined) {
    for (const parent of [ownV1, '/'])
      found.push({ parent: path.join('/sys/fs/cgroup/memory', parent), version: 'v1' });
  }
  if (ownV2 !== undefined) {
    for (const parent of [ownV2, '/']) found.push({ parent: path.join('/sys/fs/cgroup', parent), version: 'v2' });
  }
  return found;
}

/** Makes the group and one in it, to see whether the latter can be limited. */
function tryMakeGroup(folder: string, version: Version): boolean {
  const trial = path.join(folder, 'trial');
  try {
    if (!existsSync(path.join(path.dirname(folder), 'cgroup.procs'))) return false;
    mkdirSync(folder);
    if (version === 'v2') writeFileSync(path.join(folder, 'cgroup.subtree_control'), '+memory');
    mkdirSync(trial);
    writeFileSync(path.join(trial, FILES[version].limit), String(64 * 1024 * 1024));
    rmdirSync(trial);
    return true;
  } catch {
    for (const leftOver of [trial, folder]) tryRemove(leftOver);
    return false;
  }
}

function memoryLimits(folder: string, version: Version): MemoryLimits {
  const files = FILES[version];
  let count = 0;
  const open = new Set<MemoryLimit>();
  return {
    folder,
    open: (limit) => {
      const group = path.join(folder, `${count++}`);
      mkdirSync(group);
      const bytes = limit * 1024 * 1024;
      writeFileSync(path.join(group, files.limit), String(bytes));
      try {
        writeFileSync(path.join(group, files.swap), version === 'v1' ? String(bytes) : '0');
      } catch {
        // A kernel without swap accounting: then there is no swap to limit.
      }
      const memoryLimit: MemoryLimit = {
        procsFile: path.join(group, 'cgroup.procs'),
        wasExceeded: () => /^oom_kill [1-9]/m.test(readFileSync(path.join(group, files.events), 'utf8')),
        remove: async () => {
          await removeGroup(group);
          open.delete(memoryLimit);
        },
      };
      open.add(memoryLimit);
      return memoryLimit;
    },
    close: async () => {
      await Promise.all([...open].map(async (memoryLimit) => memoryLimit.remove()));
      await removeGroup(folder);
    },
  };
}

/** A killed process stays in its group until it is reaped, for a moment; the watchdog removes what is left after this. */
async function removeGroup(group: string): Promise<void> {
  for (let wait = 1; wait <= 256; wait *= 2) {
    if (tryRemove(group)) return;
    await delay(wait);
  }
}

function tryRemove(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}
