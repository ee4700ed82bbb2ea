import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mustUndo } from './cleanup.ts';

/** The project's folder. */
const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

export interface Child {
  readonly pid: number;
  /** Resolves with the match of the first line of standard output that `pattern` matches; rejects after `timeout` milliseconds. */
  line(pattern: RegExp, timeout: number): Promise<RegExpExecArray>;
  /** What it printed last, on standard output or standard error. */
  lastLines(count: number): string;
  /** Resolves with the exit code, or with the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Asks it to end, and kills it if it has not within ten seconds. It is stopped so when the benchmark is interrupted. */
  stop(): Promise<void>;
}

interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** How it is asked to end; SIGTERM unless given. */
  readonly stopSignal?: NodeJS.Signals;
}

/** Starts a program of the project, a TypeScript file relative to its folder, in a process of its own. */
export function startProgram(script: string, args: readonly string[] = [], options: ChildOptions = {}): Child {
  return startNode(['--import', 'tsx', script, ...args], options);
}

/** Starts node with these arguments in the project's folder. */
export function startNode(args: readonly string[], { env, stopSignal = 'SIGTERM' }: ChildOptions = {}): Child {
  const spawned = spawn(process.execPath, args, {
    cwd: projectFolder,
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return track(spawned, `node ${args.join(' ')}`, stopSignal);
}

function track(spawned: ChildProcess, name: string, stopSignal: NodeJS.Signals): Child {
  const output: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const stream of [spawned.stdout, spawned.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      output.push(line);
      if (output.length > 50) output.shift();
      if (stream === spawned.stdout) for (const listener of listeners) listener(line);
    });
  }
  const ended = once(spawned, 'exit').then(([code, signal]: unknown[]) => (code ?? signal) as number | NodeJS.Signals);
  const stop = mustUndo(async () => {
    if (spawned.exitCode !== null || spawned.signalCode !== null) return;
    spawned.kill(stopSignal);
    const killer = setTimeout(() => spawned.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(killer);
  });
  return {
    pid: spawned.pid ?? 0,
    ended,
    lastLines: (count) => output.slice(-count).join(' | '),
    async line(pattern, timeout) {
      const seen = output.map((line) => pattern.exec(line)).find((match) => match !== null);
      if (seen) return seen;
      return await new Promise<RegExpExecArray>((resolve, reject) => {
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          listeners.delete(listener);
          settle();
        };
        const fail = (problem: string) =>
          finish(() => reject(new Error(`${name} ${problem}; its last lines: ${output.join(' | ') || '(none)'}`)));
        const listener = (line: string) => {
          const match = pattern.exec(line);
          if (match) finish(() => resolve(match));
        };
        const timer = setTimeout(() => fail(`printed no ${pattern} within ${timeout} ms`), timeout);
        listeners.add(listener);
        void ended.then((code) => fail(`ended with ${code}`));
      });
    },
    stop,
  };
}
