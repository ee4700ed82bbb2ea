import { expect, test } from '@playwright/test';
import { planDaemon } from './daemon-plan.ts';
import type { PlannedTask } from './deployment-plan.ts';

const bounds = { lower: 0, upper: 2 };

test('every instance gets one task', () => {
  expect(planDaemon({ tasks: [], instances: ['a', 'b'], bounds })).toEqual({ startOn: ['a', 'b'], stop: [] });
  expect(planDaemon({ tasks: [on('a')], instances: ['a', 'b'], bounds })).toEqual({ startOn: ['b'], stop: [] });
});

test('a task on an instance that is none of its own any more, or beside another, goes', () => {
  const [first, second, elsewhere] = [on('a'), on('a'), on('gone')];
  const plan = planDaemon({ tasks: [first, second, elsewhere], instances: ['a'], bounds });
  expect(plan).toEqual({ startOn: [], stop: [second, elsewhere] });
});

test('old tasks go within the lower bound, and new ones come when they have ended', () => {
  const [first, second] = [on('a', { isCurrent: false }), on('b', { isCurrent: false })];
  const tasks = [first, second];
  expect(planDaemon({ tasks, instances: ['a', 'b'], bounds: { lower: 1, upper: 2 } }).stop).toEqual([first]);
  expect(planDaemon({ tasks, instances: ['a', 'b'], bounds }).stop).toEqual([first, second]);
  const leaving = on('a', { isCurrent: false, phase: 'leaving' });
  expect(planDaemon({ tasks: [leaving], instances: ['a'], bounds })).toEqual({ startOn: [], stop: [] });
});

test('an unhealthy task goes', () => {
  const sick = on('a', { phase: 'unhealthy' });
  expect(planDaemon({ tasks: [sick], instances: ['a'], bounds }).stop).toEqual([sick]);
});

function on(instance: string, change: Partial<PlannedTask> = {}): PlannedTask {
  return { id: instance, phase: 'healthy', isCurrent: true, isProtected: false, zone: '', instance, ...change };
}
