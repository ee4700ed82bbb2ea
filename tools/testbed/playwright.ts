import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandContext } from './context.ts';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
const cli = path.join(projectFolder, 'node_modules/@playwright/test/cli.js');

/** Milliseconds that an interrupted run gets to end what it started. */
const endTimeout = 90_000;

/**
 * Runs tests of one project, as `playwright test` does.
 *
 * @param variables on top of ours
 * @returns Playwright's exit code
 */
export async function runPlaywright(
  project: string,
  { command, signal, tell }: Pick<CommandContext, 'command' | 'signal' | 'tell'>,
  variables: Readonly<Record<string, string>> = {},
): Promise<number> {
  const args = playwrightArguments(project, command);
  const steps = command.verbose ? { PLAYWRIGHT_LIST_PRINT_STEPS: '1' } : {};
  if (command.verbose) {
    const set = Object.entries(variables).map(([name, value]) => `${name}=${value} `);
    tell(`${set.join('')}npx playwright ${args.join(' ')}`);
  }
  // In a group of its own: a terminal's Ctrl+C comes to everybody in the group, and a second one, which we or npm
  // would pass on, makes Playwright leave everything as it is.
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: projectFolder,
    env: { ...process.env, ...steps, ...variables },
    detached: true,
    stdio: 'inherit',
  });
  return await endOf(child, signal);
}

/** As `npx playwright` gets them; what the user gave comes last. */
export function playwrightArguments(
  project: string,
  { pattern, playwrightArguments: own }: Pick<CommandContext['command'], 'pattern' | 'playwrightArguments'>,
): string[] {
  return ['test', `--project=${project}`, ...(pattern === undefined ? [] : [`--grep=${pattern}`]), ...own];
}

function endOf(child: ChildProcess, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    let killer: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      child.kill('SIGINT');
      killer = setTimeout(() => {
        console.error(`testbed: the run has not ended ${endTimeout / 1_000} s after it was interrupted; it is killed`);
        killGroup(child);
      }, endTimeout);
    };
    // However we end, nobody is left to hear what Playwright says.
    const leave = (): void => killGroup(child);
    process.once('exit', leave);
    const settle = (then: () => void): void => {
      clearTimeout(killer);
      signal.removeEventListener('abort', interrupt);
      process.removeListener('exit', leave);
      then();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (code, name) => settle(() => resolve(code ?? 128 + (name ? constants.signals[name] : 0))));
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
  });
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}
