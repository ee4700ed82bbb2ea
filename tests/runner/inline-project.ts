import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { test as base } from '@playwright/test';

/** A small Playwright project, written for one test and run by Playwright's own command. */
export interface InlineProject {
  /** Where its files are; Playwright removes it with the test's other output. */
  readonly directory: string;
  /**
   * Starts `playwright test` in it.
   *
   * @param options arguments of the command, and variables on top of a clean environment
   */
  start(options?: { args?: readonly string[]; env?: Readonly<Record<string, string>> }): InlineRun;
}

export interface InlineRun {
  /** Resolves when the output so far contains `text`; rejects when the run ends without it. */
  printed(text: string): Promise<void>;
  /** Signals the run and everything that it started, as Ctrl+C in a terminal does. */
  interrupt(): void;
  /** Interrupts it if it still runs, and kills it if that does not end it within seconds. */
  stop(): Promise<void>;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly output: string }>;
}

const root = path.resolve(import.meta.dirname, '../..');

/** `inlineProject` writes files beside a config that has the real one's global setup and the project `local` or another. */
export const test = base.extend<{ inlineProject: (files: Readonly<Record<string, string>>) => Promise<InlineProject> }>(
  {
    inlineProject: async ({}, use, testInfo) => {
      const runs: InlineRun[] = [];
      await use(async (files) => {
        const directory = testInfo.outputPath('project');
        await mkdir(directory, { recursive: true });
        const own = { 'package.json': '{ "type": "module" }', 'playwright.config.ts': config(directory) };
        for (const [name, content] of Object.entries({ ...own, ...files })) {
          await writeFile(path.join(directory, name), content);
        }
        return {
          directory,
          start: ({ args = [], env = {} } = {}) => {
            const run = startRun(directory, args, env);
            runs.push(run);
            return run;
          },
        };
      });
      for (const run of runs) run.interrupt();
      await Promise.all(runs.map((run) => run.ended));
    },
  },
);

/** The import path of one of our own modules, for the files of an inline project. */
export function importPath(from: InlineProject | string, module: string): string {
  return path.relative(typeof from === 'string' ? from : from.directory, path.join(root, module));
}

function config(directory: string): string {
  const environment = (name: string): string =>
    `{ name: '${name}', testMatch: '*.spec.ts', use: { environmentName: '${name}' } }`;
  return `
    export default {
      testDir: '.',
      outputDir: 'results',
      reporter: 'line',
      workers: 1,
      fullyParallel: true,
      globalSetup: '${importPath(directory, 'global-setup.ts')}',
      projects: [${['local', 'localstack', 'real-aws'].map(environment).join(', ')}],
    };
  `;
}

function startRun(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): InlineRun {
  const cli = path.join(root, 'node_modules/@playwright/test/cli.js');
  const child = spawn(process.execPath, [cli, 'test', ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += stripVTControlCharacters(chunk.toString());
    child.emit('output');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<{ exitCode: number | null; output: string }>((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, output }));
  });

  const signal = (name: NodeJS.Signals): void => {
    // A process that is gone already needs no signal.
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, name);
  };

  return {
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
        };
        child.on('output', look);
        child.once('close', () => reject(new Error(`The run ended without printing "${text}":\n${output}`)));
        look();
      }),
    interrupt: () => signal('SIGINT'),
    async stop() {
      signal('SIGINT');
      const timer = setTimeout(signal, 10_000, 'SIGKILL');
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Nothing of the outer run, of which the inner one must not take itself for a part. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const outer = /^(TEST_|TESTBED_|PW_|PLAYWRIGHT_|REQUIRE_ENV$|LOCALSTACK_|CI$|FORCE_COLOR$|DEBUG)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
}
