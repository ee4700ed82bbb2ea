import path from 'node:path';
import { startNode } from '../../support/printing-child.ts';
import { findLeftovers } from './leftovers.ts';
import { expect, runtimeNames, test } from './runtime-test.ts';

const PROJECT = path.resolve(import.meta.dirname, '../../..');

for (const runtimeName of runtimeNames) {
  test.describe(`the ${runtimeName} runtime: a run that was killed`, () => {
    test.use({ runtimeName });

    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      // `runtime` is asked for only to skip where there is no Docker.
      test(`leaves nothing behind after ${signal}`, async ({ runtime, runId }) => {
        expect(runtime.name).toBe(runtimeName);
        const killedId = `${runId}k`;
        const script = path.join(import.meta.dirname, 'killed-run.ts');
        const run = startNode(['--import', 'tsx', script, runtimeName, killedId], { cwd: PROJECT });
        try {
          await run.printed('up');
          expect(await findLeftovers(runtimeName, killedId), 'while it runs').not.toEqual([]);
        } finally {
          run.signal(signal);
        }
        await expect
          .poll(async () => findLeftovers(runtimeName, killedId), {
            message: 'what is left of the run',
            timeout: 20_000,
          })
          .toEqual([]);
      });
    }
  });
}
