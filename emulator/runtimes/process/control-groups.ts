import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The kernel's control groups, one per container: they limit its memory, and no process leaves one. */
export interface ControlGroups {
  /** The group above those of the containers. */
  readonly folder: string;
  /** @param memory MiB; none: no limit */
  open(memory: number | undefined): ControlGroup;
  /** Kills all members of all groups at once, for an exit handler, which cannot wait. */
  killNow(): void;
  /** Removes what is left. */
  close(): Promise<void>;
}

interface ControlGroup {
  /** A process that writes its id here belongs to the group, and all its children with it. */
  readonly procsFile: string;
  /** Whether the kernel has killed a member for want of memory. */
  wasOutOfMemory(): boolean;
  /** Kills all members and resolves when there are none. */
  kill(): Promise<void>;
  /** Removes the group, which has no members any more. */
  remove(): Promise<void>;
}

/** Where control groups can be made. */
export interface ControlGroupPlace {
  readonly folder: string;
  readonly version: Version;
}

/**
 * Looks whether the kernel lets us make control groups (version 1 or 2): as root, or in a delegated subtree.
 * Elsewhere memory has no limit: RLIMIT_AS, the only one that every user may set, counts reserved addresses,
 * of which Node and the JVM take gigabytes.
 *
 * @returns undefined where we may not; nothing is left behind
 */
export function findControlGroupPlace(runId: string): ControlGroupPlace | undefined {
  if (process.platform !== 'linux') return undefined;
  const name = `cloud-testbed-${runId}-${process.pid}-${instances++}`;
  for (const { parent, version } of candidates()) {
    const place = { folder: path.join(parent, name), version };
    if (canMakeGroups(place)) return place;
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

/** Tries it: a group that can be made may still be one that cannot be limited or entered. */
function canMakeGroups({ folder, version }: ControlGroupPlace): boolean {
  const trial = path.join(folder, 'trial');
  try {
    if (!existsSync(path.join(path.dirname(folder), 'cgroup.procs'))) return false;
    makeParent(folder, version);
    mkdirSync(trial);
    writeFileSync(path.join(trial, FILES[version].limit), String(64 * 1024 * 1024));
    execFileSync('/bin/sh', ['-c', 'echo $$ >"$0"', path.join(trial, 'cgroup.procs')], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    for (const made of [trial, folder]) tryRemove(made);
  }
}

function makeParent(folder: string, version: Version): void {
  mkdirSync(folder);
  if (version === 'v2') writeFileSync(path.join(folder, 'cgroup.subtree_control'), '+memory');
}

/** Makes the group above those of the containers. */
export function openControlGroups({ folder, version }: ControlGroupPlace): ControlGroups {
  makeParent(folder, version);
  const files = FILES[version];
  let count = 0;
  return {
    folder,
    open: (memory) => {
      const group = path.join(folder, `${count++}`);
      mkdirSync(group);
      if (memory !== undefined) limitMemory(group, version, memory);
      return {
        procsFile: path.join(group, 'cgroup.procs'),
        wasOutOfMemory: () => /^oom_kill [1-9]/m.test(readFileSync(path.join(group, files.events), 'utf8')),
        kill: async () => killUntilEmpty(group),
        remove: async () => removeGroup(group),
      };
    },
    killNow: () => {
      for (const group of groupsIn(folder)) killMembers(group);
    },
    close: async () => {
      for (const group of groupsIn(folder)) {
        await killUntilEmpty(group);
        await removeGroup(group);
      }
      await removeGroup(folder);
    },
  };
}

function limitMemory(group: string, version: Version, memory: number): void {
  const bytes = memory * 1024 * 1024;
  writeFileSync(path.join(group, FILES[version].limit), String(bytes));
  try {
    writeFileSync(path.join(group, FILES[version].swap), version === 'v1' ? String(bytes) : '0');
  } catch {
    // A kernel without swap accounting: then there is no swap to limit.
  }
}

function groupsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name));
}

/** @returns how many members there were */
function killMembers(group: string): number {
  const members = readFileSync(path.join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean);
  for (const member of members) {
    try {
      process.kill(Number(member), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  return members.length;
}

/** More than once: a member may fork between the look and the kill. Bounded for one that the kernel cannot end. */
async function killUntilEmpty(group: string): Promise<void> {
  for (let wait = 1; wait <= 512; wait *= 2) {
    if (killMembers(group) === 0) return;
    await delay(wait);
  }
}

/** A killed process keeps its group for a moment; what is left after this the watchdog removes. */
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
