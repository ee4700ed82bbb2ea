import { expect, test } from '@playwright/test';
import { deploymentBounds } from './deployment-bounds.ts';
import { type PlannedTask, planDeployment, type PlanRequest } from './deployment-plan.ts';

test('the lower bound is rounded up and the upper one down', () => {
  const percents = { minimumHealthyPercent: 50, maximumPercent: 150 };
  expect(deploymentBounds(3, percents)).toEqual({ lower: 2, upper: 4 });
  expect(deploymentBounds(1, percents)).toEqual({ lower: 1, upper: 1 });
  expect(deploymentBounds(5, { minimumHealthyPercent: 33, maximumPercent: 110 })).toEqual({ lower: 2, upper: 5 });
  expect(deploymentBounds(4, {})).toEqual({ lower: 4, upper: 8 });
  expect(deploymentBounds(0, {})).toEqual({ lower: 0, upper: 0 });
});

const plans: readonly (readonly [
  title: string,
  tasks: string,
  request: Partial<PlanRequest>,
  plan: Record<string, unknown>,
])[] = [
  ['an empty service starts all its tasks', '', { desired: 3 }, { start: 3, stop: [] }],
  ['a service that is whole is left alone', 'hhh', { desired: 3 }, { start: 0, stop: [] }],
  ['pending tasks are waited for', 'hpp', { desired: 3 }, { start: 0, stop: [] }],
  ['at 100 and 200 percent new tasks come first', 'HHHH', { desired: 4 }, { start: 4, stop: [] }],
  ['old tasks wait until new ones are healthy', 'HHHHrrrr', { desired: 4 }, { start: 0, stop: [] }],
  ['one old task goes for each new one that is healthy', 'HHHHhhrr', { desired: 4 }, { start: 0, stop: [0, 1] }],
  [
    'at 50 and 100 percent old tasks make room, the oldest first',
    'HHHH',
    { desired: 4, bounds: { lower: 2, upper: 4 } },
    { start: 0, stop: [0, 1] },
  ],
  [
    'a task that is leaving holds its place until it has ended',
    'llHH',
    { desired: 4, bounds: { lower: 2, upper: 4 } },
    { start: 0, stop: [] },
  ],
  [
    'at 0 and 200 percent nothing goes before it is replaced',
    'HH',
    { desired: 2, bounds: { lower: 0, upper: 4 } },
    { start: 2, stop: [] },
  ],
  ['old tasks that do not run yet go at once', 'PPHH', { desired: 2 }, { start: 0, stop: [0, 1] }],
  ['old tasks that are unhealthy go at once', 'UH', { desired: 2 }, { start: 2, stop: [0] }],
  [
    'an old task of which nobody knows whether it is well makes room before one that is healthy',
    'HR',
    { desired: 1, bounds: { lower: 1, upper: 2 } },
    { start: 0, stop: [1] },
  ],
  [
    'of old tasks that may all be unwell the lower bound is left',
    'RR',
    { desired: 1, bounds: { lower: 1, upper: 2 } },
    { start: 0, stop: [1] },
  ],
  ['scaling in takes tasks that are not ready first', 'hhp', { desired: 2 }, { start: 0, stop: [2] }],
  ['scaling in takes the oldest among equals', 'hhh', { desired: 1 }, { start: 0, stop: [0, 1] }],
  ['an unhealthy task stays until its replacement is healthy', 'up', { desired: 1 }, { start: 0, stop: [] }],
  ['an unhealthy task goes once its replacement is healthy', 'uh', { desired: 1 }, { start: 0, stop: [0] }],
  ['of an unhealthy task and its unhealthy replacement one goes', 'uu', { desired: 1 }, { start: 0, stop: [0] }],
  [
    'without room unhealthy tasks go one by one',
    'uuh',
    { desired: 3, bounds: { lower: 2, upper: 3 } },
    { start: 0, stop: [0] },
  ],
  [
    'bounds without room block a deployment',
    'H',
    { desired: 1, bounds: { lower: 1, upper: 1 } },
    { start: 0, stop: [], isBlocked: true },
  ],
  [
    'instances without room have old tasks go, within the lower bound',
    'HH',
    { desired: 2, bounds: { lower: 1, upper: 4 }, isOutOfRoom: true },
    { start: 2, stop: [0] },
  ],
];

for (const [title, tasks, request, plan] of plans) {
  test(title, () => {
    const { desired = 0 } = request;
    const made = planDeployment({
      tasks: parse(tasks),
      desired,
      bounds: { lower: desired, upper: 2 * desired },
      isOutOfRoom: false,
      ...request,
    });
    expect({ ...made, stop: made.stop.map(({ id }) => Number(id)) }).toMatchObject(plan);
  });
}

test('protected tasks are passed over, and counted', () => {
  const tasks = [{ ...task('h', 0), isProtected: true }, task('h', 1), task('h', 2)];
  const bounds = deploymentBounds(1, {});
  const some = planDeployment({ tasks, desired: 1, bounds, isOutOfRoom: false });
  expect(some.stop.map(({ id }) => id)).toEqual(['1', '2']);
  expect(some.keptByProtection).toBe(0);
  const none = planDeployment({ tasks, desired: 0, bounds: deploymentBounds(0, {}), isOutOfRoom: false });
  expect(none.keptByProtection).toBe(1);
});

test('scaling in takes from the zone with most tasks, there from the instance with most', () => {
  const places = ['a 1', 'b 2', 'b 3', 'b 3'];
  const tasks = places.map((place, index) => {
    const [zone = '', instance = ''] = place.split(' ');
    return { ...task('h', index), zone, instance };
  });
  const plan = planDeployment({ tasks, desired: 2, bounds: { lower: 2, upper: 4 }, isOutOfRoom: false });
  expect(plan.stop.map(({ id }) => id)).toEqual(['2', '1']);
});

/** A task per letter, oldest first: pending, running, healthy, unhealthy, leaving; of the old version in capitals. */
function parse(letters: string): PlannedTask[] {
  return letters.split('').map(task);
}

function task(letter: string, index: number): PlannedTask {
  const phases = { p: 'pending', r: 'running', h: 'healthy', u: 'unhealthy', l: 'leaving' } as const;
  const phase = Object.entries(phases).find(([name]) => name === letter.toLowerCase())?.[1] ?? 'leaving';
  return {
    id: String(index),
    phase,
    isCurrent: letter === letter.toLowerCase(),
    isProtected: false,
    zone: 'us-east-1a',
    instance: '',
  };
}
