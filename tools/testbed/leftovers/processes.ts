import { readdirSync, readFileSync } from 'node:fs';
import type { Leftover } from './leftover.ts';

const mark = 'TESTBED_CONTAINER_ID=';
const watchdogName = 'cloud-testbed-watchdog';

/** A process that runs now. */
export interface RunningProcess {
  readonly pid: number;
  readonly commandLine: string;
  /** The container of the process runtime that it belongs to. */
  readonly containerId: string | undefined;
}

/**
 * Looks for processes of the process runtime's containers that nobody watches any more: their run was killed, and
 * its watchdog too. Only Linux shows the marks of others' processes.
 */
export function findProcessLeftovers(processes: () => readonly RunningProcess[] = listProcesses): Leftover[] {
  return unwatched(processes()).map(({ pid, containerId, commandLine }) => ({
    kind: 'process',
    name: `${pid} (${commandLine.slice(0, 60)})`,
    remove: async () => {
      // Its number may be another's by now.
      const still = unwatched(processes()).some((one) => one.pid === pid && one.containerId === containerId);
      if (still) process.kill(pid, 'SIGKILL');
    },
  }));
}

/** The containers' processes of runtimes that have no watchdog. */
export function unwatched(processes: readonly RunningProcess[]): RunningProcess[] {
  const watched = processes.flatMap(({ commandLine }) =>
    commandLine.includes(watchdogName) ? (commandLine.split(mark)[1]?.split(' ')[0] ?? []) : [],
  );
  return processes.filter(
    ({ containerId }) => containerId !== undefined && !watched.some((runtimeId) => containerId.startsWith(runtimeId)),
  );
}

function listProcesses(): RunningProcess[] {
  const numbers = process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return numbers.flatMap((number) => {
    const environment = read(`/proc/${number}/environ`);
    const commandLine = read(`/proc/${number}/cmdline`)?.replaceAll('\0', ' ').trim();
    // A kernel thread, or one that has ended, has none.
    if (!commandLine) return [];
    const entry = environment?.split('\0').find((line) => line.startsWith(mark));
    return [{ pid: Number(number), commandLine, containerId: entry?.slice(mark.length) }];
  });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
