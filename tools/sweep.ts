import { parseArgs } from 'node:util';
import { sweepAccount } from '../environments/real-aws/sweep/account.ts';
import { sweptServices } from '../environments/real-aws/sweep/sweep.ts';
import { loadSettings } from '../environments/settings.ts';

const usage = `Removes what runs of --project=real-aws have left in the account that REAL_AWS_CONFIRM names:
what has the tags of a run, and has expired by them.

  npm run sweep -- --dry-run     says what would be removed, and removes nothing
  npm run sweep                  removes it

  --minutes <n>       ends the sweep after so many minutes (15); the next one goes on
  --services <names>  sweeps these only, separated by commas (${sweptServices.join(',')})
  --json              prints the report as JSON on standard output

Exit codes: 0 nothing is left that should be gone, 1 something is, 2 the account may not be used or a wrong option.`;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: {
        'dry-run': { type: 'boolean', default: false },
        minutes: { type: 'string', default: '15' },
        services: { type: 'string', default: sweptServices.join(',') },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    if (!/^[1-9]\d*$/.test(values.minutes))
      throw new Error(`--minutes is "${values.minutes}"; accepted: a whole number from 1.`);
    const services = values.services.split(',');
    const unknown = services.filter((name) => !sweptServices.includes(name));
    if (unknown.length > 0) {
      throw new Error(`--services has ${unknown.join(', ')}; accepted: ${sweptServices.join(', ')}.`);
    }
    loadSettings();
    const report = await sweepAccount({
      dryRun: values['dry-run'],
      services,
      timeout: Number(values.minutes) * 60_000,
      tell: (line) => console.error(line),
    });
    const { removed, kept, failed, dryRun } = report;
    if (values.json) console.log(JSON.stringify(report, undefined, 2));
    else
      console.log(
        `${dryRun ? 'to be removed' : 'removed'}: ${removed.length}, kept: ${kept.length}, not removed: ${failed.length}`,
      );
    return failed.length > 0 ? 1 : 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
}
