import { randomInt } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect } from '@playwright/test';
import { processesWith } from '../support/processes.ts';
import { importPath, test } from './inline-project.ts';

test('Ctrl+C in the middle of twenty running tasks leaves no process and no folder behind', async ({
  inlineProject,
}, testInfo) => {
  const runId = `interrupted${randomInt(10_000)}`;
  // A duration that no other process of the machine sleeps for.
  const sleep = `sleep ${randomInt(1_000_000, 2_000_000)}`;
  const project = await inlineProject({
    'a.spec.ts': `
      import { expect, taskDefinition, test } from '${importPath(testInfo.outputPath('project'), 'fixtures/index.ts')}';
      test('runs tasks that would take weeks', async ({ workloads }) => {
        const sleeper = await workloads.register(
          taskDefinition('sleeper').container('main', workloads.images.shell, { command: ['sh', '-c', '${sleep}'] }).build(),
        );
        const tasks = (await Promise.all([workloads.runMany(10, sleeper), workloads.runMany(10, sleeper)])).flat();
        for (const task of tasks) await expect(task).toReachStatus('RUNNING');
        console.log('all twenty are running');
        await new Promise(() => {});
      });
    `,
  });
  const run = project.start({
    args: ['--project=local'],
    env: { LOCAL_RUNTIME: 'process', TESTBED_RUN_ID: runId },
  });
  await run.printed('all twenty are running');
  expect((await processesWith(sleep)).length, 'the tasks run as processes').toBeGreaterThanOrEqual(20);

  run.signal('SIGINT');
  const { exitCode } = await run.ended;

  expect(exitCode).toBe(130);
  const left = async (): Promise<string[]> => [
    ...(await processesWith(sleep)),
    ...(await readdir(tmpdir())).filter((name) => name.includes(runId)),
  ];
  await expect.poll(left, { message: 'processes and folders of the run', timeout: 20_000 }).toEqual([]);
});
