import { parseArgs } from 'node:util';
import { environmentNames, type EnvironmentName } from '../../environments/settings.ts';

/** The subcommands that look at or change what is kept, and those that run tests. */
export const subcommands = [
  'start',
  'status',
  'logs',
  'stop',
  'clean',
  'test-unit',
  'test',
  'test-all',
  'sweep',
  'doctor',
] as const;
export type Subcommand = (typeof subcommands)[number];

/** What somebody asked for. */
export interface CommandLine {
  readonly subcommand: Subcommand;
  /** Undefined where none was named: `status`, `stop` and `clean` then mean all, the others `local`. */
  readonly environment: EnvironmentName | undefined;
  readonly verbose: boolean;
  readonly json: boolean;
  readonly follow: boolean;
  readonly dryRun: boolean;
  /** The port that a kept environment is to listen on. */
  readonly port: number | undefined;
  /** A part of the titles of the tests to run: Playwright's `--grep`. */
  readonly pattern: string | undefined;
  /** What came after `--`. */
  readonly playwrightArguments: readonly string[];
}

/** Nobody can do what was asked for, since it was not asked as it must be. */
export class UsageError extends Error {}

export const usage = `Usage: testbed <subcommand> [options] [-- Playwright's options]

  start       keep an environment up between runs; one that is up already stays as it is
  status      what is kept up, since when, how it is and where
  logs        print what the kept environment printed; -f goes on until it ends
  stop        end what start began
  clean       stop, and remove what killed runs left behind: state, logs, containers, networks, volumes, folders
  test-unit   the unit tests
  test        the scenarios; against the kept environment where there is one
  test-all    the unit tests, then the scenarios
  sweep       remove what runs left in an AWS account
  doctor      look whether this machine has what an environment needs

  --env <name>     ${environmentNames.join(', ')} (local; status, stop and clean: all)
  -k <pattern>     only tests whose title matches: Playwright's --grep
  -v, --verbose    say more: the command that runs the tests, and each step of a test
  -f, --follow     logs: go on
  --port <number>  start: the port on 127.0.0.1; 0 for a free one (4566, or a free one when that is taken)
  --dry-run        sweep, clean: only say what would be removed
  --json           start, status, clean, doctor: print JSON
  -h, --help       show this

Exit codes:
  0    done; the tests passed
  1    failed: a test, the start of an environment, something that doctor needs; status: it runs and is not well
  2    the command line or a setting is wrong
  3    status, logs: nothing is kept up
  130  interrupted
The commands that run tests end with Playwright's own exit code.`;

const flags = {
  env: { type: 'string' },
  k: { type: 'string', short: 'k' },
  verbose: { type: 'boolean', short: 'v' },
  follow: { type: 'boolean', short: 'f' },
  port: { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
type Flag = keyof typeof flags;

const runsTests: readonly Flag[] = ['env', 'k', 'verbose'];
const accepted: Record<Subcommand, readonly Flag[]> = {
  start: ['env', 'port', 'json', 'verbose'],
  status: ['env', 'json', 'verbose'],
  logs: ['env', 'follow'],
  stop: ['env', 'verbose'],
  clean: ['env', 'dry-run', 'json', 'verbose'],
  'test-unit': ['k', 'verbose'],
  test: runsTests,
  'test-all': runsTests,
  sweep: ['dry-run', 'verbose'],
  doctor: ['env', 'json', 'verbose'],
};

/**
 * @param argv without the programs
 * @throws UsageError that names what is wrong and what is accepted
 */
export function parseCommandLine(argv: readonly string[]): CommandLine | 'help' {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  const playwrightArguments = end < 0 ? [] : argv.slice(end + 1);
  const { values, positionals } = parse([...own]);
  if (values.help) return 'help';
  const [word, surplus] = positionals;
  const subcommand = subcommands.find((name) => name === word);
  if (!subcommand) {
    const problem = word === undefined ? 'No subcommand' : `There is no subcommand ${word}`;
    throw new UsageError(`${problem}; accepted: ${subcommands.join(', ')}.`);
  }
  if (surplus !== undefined) {
    throw new UsageError(`${subcommand} takes no ${surplus}; Playwright's arguments stand after \`--\`.`);
  }
  for (const flag of Object.keys(values) as Flag[]) {
    if (!accepted[subcommand].includes(flag)) {
      throw new UsageError(
        `${subcommand} takes no ${spelt(flag)}; accepted: ${accepted[subcommand].map(spelt).join(', ')}.`,
      );
    }
  }
  if (playwrightArguments.length > 0 && !subcommand.startsWith('test')) {
    throw new UsageError(`${subcommand} runs no tests: nothing of it is for Playwright.`);
  }
  return {
    subcommand,
    environment: environmentNamed(values.env),
    verbose: values.verbose ?? false,
    json: values.json ?? false,
    follow: values.follow ?? false,
    dryRun: values['dry-run'] ?? false,
    port: portOf(values.port),
    pattern: values.k,
    playwrightArguments,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: flags, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function environmentNamed(value: string | undefined): EnvironmentName | undefined {
  if (value === undefined) return undefined;
  const name = environmentNames.find((known) => known === value);
  if (!name) throw new UsageError(`--env is ${value}; accepted: ${environmentNames.join(', ')}.`);
  return name;
}

function portOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new UsageError(`--port is ${value}; accepted: a number from 0 to 65535.`);
  }
  return Number(value);
}

function spelt(flag: Flag): string {
  return flag.length === 1 ? `-${flag}` : `--${flag}`;
}
