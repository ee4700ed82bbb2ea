import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, writeFileSync } from 'node:fs';
import type { ContainerSpec } from '../runtime.ts';

/** A process group to begin. */
export interface Launch {
  /** An absolute path of this machine. */
  readonly program: string;
  /** The argument vector, the program's name first. */
  readonly command: readonly string[];
  /** All of it; nothing of ours is passed on. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly ulimits: ContainerSpec['ulimits'];
  /** The shell step that becomes the program in a mount namespace; none: it sees the machine's file system. */
  readonly mountStep: string | undefined;
  /** Where the process enters its control group. */
  readonly cgroupProcsFile: string | undefined;
  /** File descriptors, closed here when the child has them or will never have them. */
  readonly stdout: number;
  readonly stderr: number;
}

/**
 * Begins a process group with its limits. Limits must hold before the program's first instruction, so
 * where there are any, a shell sets them on itself and becomes the program.
 *
 * @returns the child, once it runs
 * @throws Error of `spawn`, with its `code`, when the program cannot be executed
 */
export async function launch(options: Launch): Promise<ChildProcess> {
  const { program, command, environment, user, cgroupProcsFile, mountStep } = options;
  const steps = limitSteps(options);
  const wrapped = steps.length > 0 || mountStep !== undefined;
  // `env -i` and not the shell's own environment: a shell adds PWD and drops names that it finds invalid.
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const script = [...steps, mountStep ?? 'exec env -i -- "$@"'].join('\n');
  try {
    const child = spawn(
      wrapped ? '/bin/sh' : program,
      wrapped ? ['-c', script, 'launch', ...assignments, program, ...command.slice(1)] : command.slice(1),
      {
        cwd: options.workingDirectory,
        env: wrapped ? { PATH: '/usr/local/bin:/usr/bin:/bin' } : environment,
        detached: true,
        stdio: ['ignore', options.stdout, options.stderr],
        ...(!wrapped && command[0] !== undefined && { argv0: command[0] }),
        ...user,
      },
    );
    // Another user may not write to the control group itself.
    if (user && cgroupProcsFile !== undefined && child.pid !== undefined)
      writeFileSync(cgroupProcsFile, `${child.pid}`);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return child;
  } finally {
    closeSync(options.stdout);
    if (options.stderr !== options.stdout) closeSync(options.stderr);
  }
}

function limitSteps({ ulimits, cgroupProcsFile, user }: Launch): string[] {
  const steps = cgroupProcsFile !== undefined && !user ? [`echo $$ >${quoted(cgroupProcsFile)}`] : [];
  return [...steps, ...ulimits.flatMap(ulimitStep)];
}

const PRLIMIT = ['/usr/bin/prlimit', '/bin/prlimit'].find((file) => existsSync(file));

/** Those limits that every POSIX-like shell can set, with the size of its unit in bytes. */
const SHELL_ULIMITS: Readonly<Record<string, { option: string; unit: number }>> = {
  core: { option: 'c', unit: 512 },
  cpu: { option: 't', unit: 1 },
  data: { option: 'd', unit: 1024 },
  fsize: { option: 'f', unit: 512 },
  memlock: { option: 'l', unit: 1024 },
  nofile: { option: 'n', unit: 1 },
  stack: { option: 's', unit: 1024 },
};

/**
 * The step that sets one limit. A limit above our own hard limit needs root; without it the container
 * keeps what we have, hence `|| :`.
 */
function ulimitStep({ name, softLimit, hardLimit }: ContainerSpec['ulimits'][number]): string[] {
  if (PRLIMIT !== undefined) {
    return [`${PRLIMIT} --pid $$ ${quoted(`--${name}=${softLimit}:${hardLimit}`)} 2>/dev/null || :`];
  }
  const limit = SHELL_ULIMITS[name];
  if (!limit) return [];
  const inUnits = (value: number): string => (value < 0 ? 'unlimited' : String(Math.floor(value / limit.unit)));
  return [
    `ulimit -S${limit.option} ${inUnits(softLimit)} 2>/dev/null || :`,
    `ulimit -H${limit.option} ${inUnits(hardLimit)} 2>/dev/null || :`,
  ];
}

/** A word of a shell script that means just the text. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
