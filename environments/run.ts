import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { environmentNames, loadSettings, parseSettings } from './settings.ts';

/**
 * What the main process tells its workers about the run, so that no worker looks again.
 * Without global setup (an editor that runs one test, say) there is none, and a worker looks for itself.
 */
export type Run = z.infer<typeof run>;

const run = z.object({
  broker: z.object({ url: z.string(), token: z.string() }).optional(),
  /** What global setup found of each environment that was selected. */
  availability: z.partialRecord(
    z.enum(environmentNames),
    z.discriminatedUnion('available', [
      z.object({ available: z.literal(true), description: z.string() }),
      z.object({ available: z.literal(false), reason: z.string() }),
    ]),
  ),
});

const variable = 'TESTBED_RUN';

/**
 * The id that marks everything the run makes: TESTBED_RUN_ID where it is set, else one made up here. It is
 * left in that variable, so that every process of the run has the same.
 *
 * @throws SettingsError when TESTBED_RUN_ID is no id
 */
export function ensureRunId(variables: NodeJS.ProcessEnv = process.env): string {
  // It may be in `.env`.
  loadSettings();
  const runId = parseSettings(variables).runId ?? randomBytes(4).toString('hex');
  variables['TESTBED_RUN_ID'] = runId;
  return runId;
}

/** Leaves word of the run for the workers that are still to start. */
export function publishRun(value: Run): void {
  process.env[variable] = JSON.stringify(value);
}

/** What `publishRun` left; undefined where there was no global setup. */
export function currentRun(): Run | undefined {
  const value = process.env[variable];
  return value === undefined ? undefined : run.parse(JSON.parse(value));
}
