import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that is not taken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in whatever form this machine tells it. */
  readonly since: string;
}

/** @throws Error when there is no such process */
export function identifyProcess(pid: number): ProcessIdentity {
  const since = startOf(pid);
  if (since === undefined) throw new Error(`There is no process ${pid}.`);
  return { pid, since };
}

/** Whether the process still runs. */
export function isSameProcess({ pid, since }: ProcessIdentity): boolean {
  return startOf(pid) === since;
}

/** @returns undefined for one that is not there, or has ended and is only waited for by its parent */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const stat = readStat(pid);
    // The name stands in parentheses and may have anything in it; proc(5) numbers what follows it from 3.
    const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    return state === undefined || state === 'Z' || state === 'X' ? undefined : fields[18];
  }
  const { stdout, status } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
  });
  return status === 0 ? stdout.trim() || undefined : undefined;
}

function readStat(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
}
