import { expect, test } from '@playwright/test';
import { array, assert, asyncProperty, constantFrom, integer, oneof, record as recordOf } from 'fast-check';
import type { ServiceRecord, TaskRecord } from '../state.ts';
import { deploymentBounds } from './deployment-bounds.ts';
import { SETTLING, serviceTestBench, type ServiceTestBench } from './service-test-bench.ts';

/** What may happen to a service. */
type Happening =
  | { readonly kind: 'scale'; readonly desired: number }
  | { readonly kind: 'deploy' }
  | { readonly kind: 'deploy unwell' }
  | { readonly kind: 'crash'; readonly index: number }
  | { readonly kind: 'stop'; readonly index: number }
  | { readonly kind: 'sicken'; readonly index: number }
  | { readonly kind: 'wait'; readonly milliseconds: number };

const desiredCount = integer({ min: 0, max: 6 });

/** 50 and 100 percent of one task leave a deployment no room; those of any other count do. */
const percents = constantFrom(
  { minimumHealthyPercent: 100, maximumPercent: 200 },
  { minimumHealthyPercent: 50, maximumPercent: 100 },
  { minimumHealthyPercent: 0, maximumPercent: 100 },
  { minimumHealthyPercent: 0, maximumPercent: 200 },
  { minimumHealthyPercent: 50, maximumPercent: 200 },
  { minimumHealthyPercent: 75, maximumPercent: 200 },
  { minimumHealthyPercent: 33, maximumPercent: 250 },
);

const happening = oneof(
  recordOf({ kind: constantFrom('scale' as const), desired: desiredCount }),
  recordOf({ kind: constantFrom('deploy' as const) }),
  recordOf({ kind: constantFrom('deploy unwell' as const) }),
  recordOf({ kind: constantFrom('crash' as const), index: integer({ min: 0, max: 9 }) }),
  recordOf({ kind: constantFrom('stop' as const), index: integer({ min: 0, max: 9 }) }),
  recordOf({ kind: constantFrom('sicken' as const), index: integer({ min: 0, max: 9 }) }),
  recordOf({ kind: constantFrom('wait' as const), milliseconds: constantFrom(0, 50, 200, 1000) }),
);

test('whatever happens to a service, its bounds hold at every start and stop, and it comes to rest', async () => {
  test.setTimeout(60_000);
  await assert(
    asyncProperty(desiredCount, percents, array(happening, { maxLength: 8 }), async (desired, bounds, happenings) => {
      const bench = serviceTestBench({ healthExitCode: ({ image }) => (image === 'unwell' ? 1 : 0) });
      const healthCheck = { command: ['CMD', 'check'], interval: 5, retries: 1 };
      const well = bench.register([{ healthCheck }]);
      // Nobody knows for ten minutes whether it is healthy, which it never is.
      bench.register([{ image: 'unwell', healthCheck: { ...healthCheck, startPeriod: 600 } }]);
      const record = bench.create({ taskDefinition: well, desiredCount: desired, deploymentConfiguration: bounds });
      const broken = watchBounds(bench, record);
      for (const next of happenings) {
        happen(bench, record, next);
        await bench.pass(next.kind === 'wait' ? next.milliseconds : 0);
      }
      bench.update({ taskDefinition: well });
      await settled(bench, record);
      // The remedy that ECS names for bounds that leave no room: widen them.
      if (!record.rollout.isSteady) bench.update({ deploymentConfiguration: { maximumPercent: 200 } });
      await settled(bench, record);
      expect(broken).toEqual([]);
      const { service } = record;
      expect(bench.running(record)).toHaveLength(service.desiredCount ?? -1);
      expect(service.deployments).toEqual([
        expect.objectContaining({
          status: 'PRIMARY',
          rolloutState: 'COMPLETED',
          taskDefinition: service.taskDefinition,
        }),
      ]);
      expect(bench.running(record).every(({ task }) => task.taskDefinitionArn === service.taskDefinition)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('a broken version is rolled back to the one before it, whose tasks never fall below the lower bound', async () => {
  test.setTimeout(60_000);
  await assert(
    asyncProperty(integer({ min: 2, max: 6 }), percents, async (desired, bounds) => {
      const bench = serviceTestBench();
      bench.register();
      const record = bench.create({
        desiredCount: desired,
        deploymentConfiguration: { ...bounds, deploymentCircuitBreaker: { enable: true, rollback: true } },
      });
      await bench.pass(2 * SETTLING);
      const broken = watchBounds(bench, record);
      const { lower } = deploymentBounds(desired, bounds);
      let fewest = desired;
      bench.state.supervisor.onChange((task) => {
        const good = bench.running(record).filter(({ definition }) => definition.revision === 1);
        fewest = Math.min(fewest, good.length);
        // Every task of the second revision exits as soon as it runs.
        const isBroken = task.definition.revision === 2 && task.task.lastStatus === 'RUNNING';
        if (isBroken) setImmediate(() => bench.crash(task));
      });
      bench.update({ taskDefinition: bench.register() });
      const [failing] = record.service.deployments ?? [];
      await settled(bench, record);
      expect(failing).toMatchObject({ rolloutState: 'FAILED' });
      expect(broken).toEqual([]);
      expect(fewest).toBeGreaterThanOrEqual(lower);
      expect(bench.running(record).map(({ definition }) => definition.revision)).toEqual(
        Array.from({ length: desired }, () => 1),
      );
      expect(record.service.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
    }),
    { numRuns: 20 },
  );
});

function happen(bench: ServiceTestBench, record: ServiceRecord, next: Happening): void {
  const running = bench.running(record);
  const task = running['index' in next ? next.index % Math.max(1, running.length) : 0];
  if (next.kind === 'scale') bench.update({ desiredCount: next.desired });
  if (next.kind === 'deploy') bench.update({ forceNewDeployment: true });
  if (next.kind === 'deploy unwell') bench.update({ taskDefinition: 'web:2' });
  if (!task) return;
  if (next.kind === 'crash') bench.crash(task);
  if (next.kind === 'stop') bench.state.supervisor.stop(task, { code: 'UserInitiated', reason: 'test' });
  if (next.kind === 'sicken') bench.containerOf(task).healthExitCode = 1;
}

/** Lets time pass until the service has been steady, for two minutes of its time at most. */
async function settled(bench: ServiceTestBench, record: ServiceRecord): Promise<void> {
  // A task that was made sick may take its time to be found out.
  await bench.pass(6_000);
  for (let turn = 0; turn < 200 && !record.rollout.isSteady; turn += 1) {
    await bench.pass(500);
  }
}

/**
 * Looks at every task that the scheduler starts and stops, and returns what broke a bound: a start beyond the
 * upper one, or a stop of a task that leaves fewer than the lower one, of what ran well.
 */
function watchBounds(bench: ServiceTestBench, record: ServiceRecord): string[] {
  const { supervisor } = bench.state;
  const broken: string[] = [];
  const boundsOf = () =>
    deploymentBounds(record.service.desiredCount ?? 0, record.service.deploymentConfiguration ?? {});
  const live = () =>
    [...record.rollout.tasks.values()].filter(
      (task) => task.record.task.lastStatus !== 'STOPPED' && (task.isLeaving || isWanted(task.record)),
    );
  const original = { ...supervisor };
  supervisor.launch = (task) => {
    const count = live().length + 1;
    if (count > boundsOf().upper) broken.push(`start of number ${count} beyond ${boundsOf().upper}`);
    original.launch(task);
  };
  supervisor.stop = (task, why) => {
    const others = live().filter((other) => other.record !== task && isWanted(other.record));
    const scheduled = record.rollout.tasks.get(task.task.taskArn);
    const healthy = others.filter(
      ({ isHealthy, record: { task: other } }) => isHealthy && other.healthStatus !== 'UNHEALTHY',
    ).length;
    const running = others.filter(({ record: { task: other } }) => other.lastStatus === 'RUNNING').length;
    const wasWell = scheduled?.isHealthy === true && task.task.healthStatus !== 'UNHEALTHY';
    const left = wasWell ? healthy : task.task.lastStatus === 'RUNNING' ? running : Infinity;
    const isScaling = why.reason.startsWith('Scaling activity');
    if (isScaling && left < boundsOf().lower) broken.push(`stop that leaves ${left} of ${boundsOf().lower}`);
    original.stop(task, why);
  };
  return broken;
}

function isWanted({ task }: TaskRecord): boolean {
  return task.desiredStatus === 'RUNNING';
}
