import { expect, test } from '@playwright/test';
import { manualClock, type Clock } from '../../../clock.ts';
import { checkCommand, startHealthCheck } from './health-check.ts';
import { settle, taskTestBench, type TaskTestBench } from './task-test-bench.ts';

const healthCheck = { command: ['CMD', 'true'], interval: 10, retries: 2 };
const app = { name: 'app', image: 'busybox', healthCheck };

/** Moves time in seconds, so that each check ends before the next falls due. */
async function pass({ clock }: TaskTestBench, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock.advance(1000);
    await settle();
  }
}

async function running(check: typeof healthCheck & { startPeriod?: number } = healthCheck) {
  const bench = taskTestBench();
  const { task } = bench.run([{ ...app, healthCheck: check }]);
  await settle();
  return { bench, task, container: bench.runtime.container('app') };
}

test('one success makes container and task HEALTHY, before the first interval is over', async () => {
  const { bench, task } = await running();
  expect(task.healthStatus).toBe('UNKNOWN');
  await pass(bench, 1);
  expect(task.containers?.[0]?.healthStatus).toBe('HEALTHY');
  expect(task.healthStatus).toBe('HEALTHY');
});

test('failures count from the first interval on, and only in a row', async () => {
  const { bench, task, container } = await running();
  container.healthExitCode = 1;
  await pass(bench, 19);
  expect(task.healthStatus).toBe('UNKNOWN');
  await pass(bench, 1);
  expect(task.healthStatus).toBe('UNHEALTHY');
  expect(task.lastStatus).toBe('RUNNING');

  container.healthExitCode = 0;
  await pass(bench, 10);
  expect(task.healthStatus).toBe('HEALTHY');
  container.healthExitCode = 1;
  await pass(bench, 10);
  container.healthExitCode = 0;
  await pass(bench, 10);
  container.healthExitCode = 1;
  await pass(bench, 10);
  expect(task.healthStatus).toBe('HEALTHY');
});

test('failures within the start period do not count', async () => {
  const { bench, task, container } = await running({ ...healthCheck, startPeriod: 35 });
  container.healthExitCode = 1;
  await pass(bench, 49);
  expect(task.healthStatus).toBe('UNKNOWN');
  await pass(bench, 1);
  expect(task.healthStatus).toBe('UNHEALTHY');
});

test('after a first success failures count within the start period too', async () => {
  const { bench, task, container } = await running({ ...healthCheck, startPeriod: 300 });
  await pass(bench, 1);
  container.healthExitCode = 1;
  await pass(bench, 20);
  expect(task.healthStatus).toBe('UNHEALTHY');
});

test('no check runs once the container has exited', async () => {
  const { bench, container } = await running();
  container.exit(0);
  await settle();
  const before = container.healthChecks;
  await pass(bench, 60);
  expect(container.healthChecks).toBe(before);
});

test('timers that fire a millisecond early make nothing UNHEALTHY later', async () => {
  for (const { startPeriod, unhealthyAfter } of [
    { startPeriod: 0, unhealthyAfter: 2 },
    { startPeriod: 20, unhealthyAfter: 3 },
  ]) {
    const clock = manualClock();
    const early: Clock = {
      now: () => clock.now(),
      after: (milliseconds, callback) => clock.after(Math.max(0, milliseconds - 1), callback),
    };
    const reports: string[] = [];
    const check = startHealthCheck(
      { ...healthCheck, startPeriod },
      { exec: async () => ({ exitCode: 1, output: '' }) },
      early,
      (status) => reports.push(status),
    );
    for (let second = 1; second <= unhealthyAfter * 10; second++) {
      expect(reports).toEqual([]);
      clock.advance(1000);
      await settle();
    }
    expect(reports).toEqual(['UNHEALTHY']);
    check.cancel();
  }
});

test('a check is run as an argument vector or by the shell', () => {
  expect(checkCommand({ command: ['CMD', 'curl', '-f', 'x'] })).toEqual(['curl', '-f', 'x']);
  expect(checkCommand({ command: ['CMD-SHELL', 'curl x || exit 1'] })).toEqual(['/bin/sh', '-c', 'curl x || exit 1']);
});
