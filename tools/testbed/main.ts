import { fileURLToPath } from 'node:url';
import { loadSettings, loadVariables, SettingsError, type Settings } from '../../environments/settings.ts';
import { type CommandLine, parseCommandLine, type Subcommand, usage, UsageError } from './command-line.ts';
import type { Run } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { showProgress } from './progress.ts';
import { stateFolder } from './state-folder.ts';

/** Loaded one by one: `status` need not wait for what `test` needs. */
const runs: Record<Exclude<Subcommand, 'doctor'>, () => Promise<Run>> = {
  start: async () => (await import('./start.ts')).start,
  status: async () => (await import('./status.ts')).status,
  logs: async () => (await import('./logs.ts')).logs,
  stop: async () => (await import('./stop.ts')).stop,
  clean: async () => (await import('./clean.ts')).clean,
  'test-unit': async () => (await import('./test-unit.ts')).testUnit,
  test: async () => (await import('./test.ts')).test,
  'test-all': async () => (await import('./test-all.ts')).testAll,
  sweep: async () => (await import('./sweep.ts')).sweep,
};

process.exitCode = await main();

async function main(): Promise<number> {
  // `.env` and the paths after `--` are the project's, wherever the command is called.
  process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
  const progress = showProgress(process.stderr);
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort());
  try {
    const command = parseCommandLine(process.argv.slice(2));
    if (command === 'help') {
      console.log(usage);
      return exitCodes.done;
    }
    // TESTBED_STATE may be in it.
    loadVariables('.env', process.env);
    const parts = {
      command,
      folder: stateFolder(),
      tell: tellFor(command, progress),
      print: (line: string): void => {
        progress.end();
        console.log(line);
      },
      signal: interruption.signal,
    };
    // A wrong setting is among what it looks for.
    if (command.subcommand === 'doctor') return await (await import('./doctor.ts')).doctor(parts);
    const settings: Settings = loadSettings();
    const run = await runs[command.subcommand]();
    const exitCode = await run({ ...parts, settings });
    progress.end();
    return exitCode;
  } catch (error) {
    progress.end();
    return report(error, interruption.signal.aborted);
  }
}

/** A run of tests has the terminal to itself: what is told before it stays. */
function tellFor({ subcommand }: CommandLine, { tell }: { tell: (line: string) => void }): (line: string) => void {
  return subcommand.startsWith('test') ? (line) => console.error(line) : tell;
}

function report(error: unknown, interrupted: boolean): number {
  console.error(`testbed: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof UsageError) console.error('`testbed --help` tells all subcommands and options.');
  if (error instanceof UsageError || error instanceof SettingsError) return exitCodes.usage;
  return interrupted ? exitCodes.interrupted : exitCodes.failed;
}
