import { expect, test } from '@playwright/test';
import { parseCommandLine, subcommands, usage } from './command-line.ts';

test('what follows `--` is Playwright’s, whatever it looks like', () => {
  expect(parseCommandLine(['test', '--env', 'localstack', '-k', 'exit code', '-v', '--', '--env', 'x', '-k'])).toEqual({
    subcommand: 'test',
    environment: 'localstack',
    verbose: true,
    json: false,
    follow: false,
    dryRun: false,
    port: undefined,
    pattern: 'exit code',
    playwrightArguments: ['--env', 'x', '-k'],
  });
});

test('no environment is named unless somebody names one', () => {
  expect(parseCommandLine(['status', '--json'])).toMatchObject({ environment: undefined, json: true });
});

for (const [args, message] of [
  [[], 'No subcommand; accepted: start, status'],
  [['begin'], 'There is no subcommand begin; accepted: start, status'],
  [['test', 'tests/s3'], "test takes no tests/s3; Playwright's arguments stand after `--`"],
  [['start', '--env', 'locl'], '--env is locl; accepted: local, localstack, real-aws.'],
  [['start', '--port', '70000'], '--port is 70000; accepted: a number from 0 to 65535.'],
  [['stop', '--dry-run'], 'stop takes no --dry-run; accepted: --env, --verbose.'],
  [['test-unit', '--env', 'local'], 'test-unit takes no --env; accepted: -k, --verbose.'],
  [['clean', '--', '--list'], 'clean runs no tests'],
  [['start', '--prot', '1'], "Unknown option '--prot'"],
] as const) {
  test(`\`testbed ${args.join(' ')}\` is refused with what is accepted`, () => {
    expect(() => parseCommandLine(args)).toThrow(message);
  });
}

test('help is given wherever it is asked for, and tells every subcommand', () => {
  expect(parseCommandLine(['--help'])).toBe('help');
  expect(parseCommandLine(['clean', '-h'])).toBe('help');
  for (const name of subcommands) expect(usage).toMatch(new RegExp(`^  ${name} `, 'm'));
});
