import { expect, test } from '@playwright/test';
import { BudgetExceeded, openBudget } from './budget.ts';

const limits = { tasks: 3, jobs: 2, minutes: 10 };
const minute = 60_000;

test('what is spent is counted together by all who share the ledger', async ({}, testInfo) => {
  const ledger = { file: testInfo.outputPath('ledger'), startedAt: 0 };
  const one = openBudget(ledger, limits, () => 90_000);
  const another = openBudget(ledger, limits, () => 90_000);

  await one.spend('tasks', 2);
  await another.spend('tasks', 1);
  await another.spend('jobs', 1);

  expect(await one.summary()).toBe('3 of 3 tasks, 1 of 2 jobs, 1 of 10 minutes');
  expect(await one.exhausted()).toBeUndefined();
});

test('what is too much is refused with what was spent, and so is everything after it', async ({}, testInfo) => {
  const ledger = { file: testInfo.outputPath('ledger'), startedAt: 0 };
  const budget = openBudget(ledger, limits, () => minute);
  await budget.spend('tasks', 2);
  const message =
    'The budget of the run is used up: 2 more tasks were asked for, REAL_AWS_MAX_TASKS is 3. ' +
    'Spent: 2 of 3 tasks, 0 of 2 jobs, 1 of 10 minutes. Raise REAL_AWS_MAX_TASKS or select fewer tests.';

  await expect(budget.spend('tasks', 2)).rejects.toThrow(new BudgetExceeded(message));
  await expect(budget.spend('jobs', 1)).rejects.toThrow(BudgetExceeded);
  expect(await openBudget(ledger, limits, () => minute).exhausted()).toBe(message);
});

test('when the time is over nothing more may be made', async ({}, testInfo) => {
  let now = 0;
  const budget = openBudget({ file: testInfo.outputPath('ledger'), startedAt: 0 }, limits, () => now);
  await budget.spend('tasks', 0);
  now = 10 * minute;

  await expect(budget.spend('tasks', 0)).rejects.toThrow('the time is over, REAL_AWS_MAX_MINUTES is 10');
});

test('of many who want the last one at the same time, no more than one gets it', async ({}, testInfo) => {
  const ledger = { file: testInfo.outputPath('ledger'), startedAt: 0 };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, () => openBudget(ledger, { ...limits, tasks: 1 }, () => 0).spend('tasks', 1)),
  );

  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
});
