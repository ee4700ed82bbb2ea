import { expect, test } from '@playwright/test';
import { protectionOf, protectTask } from './task-protection.ts';
import { settle, taskTestBench } from './task-test-bench.ts';

const app = { name: 'app', image: 'busybox' };

async function serviceTask() {
  const bench = taskTestBench();
  const record = { ...bench.run([app]), serviceName: 'web' };
  await settle();
  return { bench, record };
}

test('protection lasts two hours unless told, and ends by itself', async () => {
  const { bench, record } = await serviceTask();
  const expirationDate = new Date(bench.clock.now() + 120 * 60_000);
  const protection = { taskArn: record.task.taskArn, protectionEnabled: true, expirationDate };
  expect(protectTask(bench.state, record, { enabled: true, expiresInMinutes: undefined })).toEqual(protection);
  bench.clock.advance(120 * 60_000 - 1);
  expect(protectionOf(bench.state, record)).toEqual(protection);
  bench.clock.advance(1);
  expect(protectionOf(bench.state, record)).toEqual({ taskArn: record.task.taskArn, protectionEnabled: false });
});

test('protection is extended and cleared', async () => {
  const { bench, record } = await serviceTask();
  protectTask(bench.state, record, { enabled: true, expiresInMinutes: 1 });
  protectTask(bench.state, record, { enabled: true, expiresInMinutes: 2880 });
  bench.clock.advance(2000 * 60_000);
  expect(protectionOf(bench.state, record)).toMatchObject({ protectionEnabled: true });
  protectTask(bench.state, record, { enabled: false, expiresInMinutes: undefined });
  expect(protectionOf(bench.state, record)).toEqual({ taskArn: record.task.taskArn, protectionEnabled: false });
});

test('minutes mean nothing when protection is cleared', async () => {
  const { bench, record } = await serviceTask();
  protectTask(bench.state, record, { enabled: true, expiresInMinutes: 60 });
  const cleared = { taskArn: record.task.taskArn, protectionEnabled: false };
  for (const minutes of [60, 0, 5000]) {
    expect(protectTask(bench.state, record, { enabled: false, expiresInMinutes: minutes })).toEqual(cleared);
  }
});

test('a task that is stopping cannot be protected', async () => {
  const { bench, record } = await serviceTask();
  bench.state.supervisor.stop(record, { code: 'UserInitiated', reason: 'enough' });
  expect(protectTask(bench.state, record, { enabled: true, expiresInMinutes: undefined })).toMatchObject({
    arn: record.task.taskArn,
    reason: 'TASK_NOT_VALID',
  });
});

for (const minutes of [0, 2881, 1.5]) {
  test(`${minutes} minutes are refused`, async () => {
    const { bench, record } = await serviceTask();
    expect(() => protectTask(bench.state, record, { enabled: true, expiresInMinutes: minutes })).toThrow(
      'expiresInMinutes must be between 1 and 2880.',
    );
  });
}
