import { expect, test } from '@playwright/test';
import { decideStart, mayStop, type ContainerProgress } from './dependencies.ts';

const waiting: ContainerProgress = { phase: 'waiting', started: false, healthStatus: 'UNKNOWN', startTimedOut: false };
const running: ContainerProgress = { ...waiting, phase: 'running', started: true };
const exited = (exitCode: number): ContainerProgress => ({ ...running, phase: 'stopped', exitCode });
const failedToStart: ContainerProgress = { ...waiting, phase: 'stopped' };

const cases: {
  condition: 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY';
  when: string;
  dependency: ContainerProgress;
  decision: 'start' | 'wait' | 'never';
}[] = [
  { condition: 'START', when: 'it waits', dependency: waiting, decision: 'wait' },
  { condition: 'START', when: 'it runs', dependency: running, decision: 'start' },
  { condition: 'START', when: 'it ran and has exited', dependency: exited(1), decision: 'start' },
  { condition: 'START', when: 'it could not start', dependency: failedToStart, decision: 'never' },
  { condition: 'COMPLETE', when: 'it runs', dependency: running, decision: 'wait' },
  { condition: 'COMPLETE', when: 'it has failed', dependency: exited(1), decision: 'start' },
  { condition: 'COMPLETE', when: 'it could not start', dependency: failedToStart, decision: 'never' },
  { condition: 'SUCCESS', when: 'it exited with 0', dependency: exited(0), decision: 'start' },
  { condition: 'SUCCESS', when: 'it exited with 1', dependency: exited(1), decision: 'never' },
  { condition: 'SUCCESS', when: 'its time is up', dependency: { ...running, startTimedOut: true }, decision: 'never' },
  { condition: 'HEALTHY', when: 'it is not checked yet', dependency: running, decision: 'wait' },
  { condition: 'HEALTHY', when: 'it is well', dependency: { ...running, healthStatus: 'HEALTHY' }, decision: 'start' },
  {
    condition: 'HEALTHY',
    when: 'it is not well',
    dependency: { ...running, healthStatus: 'UNHEALTHY' },
    decision: 'wait',
  },
  { condition: 'HEALTHY', when: 'it has exited', dependency: exited(0), decision: 'never' },
];

for (const { condition, when, dependency, decision } of cases) {
  test(`a container that depends on another's ${condition} will ${decision} when ${when}`, () => {
    const definition = { name: 'app', dependsOn: [{ containerName: 'db', condition }] };
    expect(decideStart(definition, new Map([['db', dependency]])).kind).toBe(decision);
  });
}

test('what can never start names both containers', () => {
  const definition = { name: 'app', dependsOn: [{ containerName: 'db', condition: 'SUCCESS' as const }] };
  expect(decideStart(definition, new Map([['db', exited(2)]]))).toEqual({
    kind: 'never',
    reason:
      'CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [db] for target [app] as dependency did not exit successfully.',
  });
});

test('links and volumesFrom wait for the other container to start', () => {
  const progress = new Map([['db', waiting]]);
  expect(decideStart({ name: 'app', links: ['db:database'] }, progress).kind).toBe('wait');
  expect(decideStart({ name: 'app', volumesFrom: [{ sourceContainer: 'db' }] }, progress).kind).toBe('wait');
});

test('a container may stop only when all that depend on it have', () => {
  const definitions = [
    { name: 'db' },
    { name: 'app', dependsOn: [{ containerName: 'db', condition: 'START' as const }] },
  ];
  const both = new Map([
    ['db', running],
    ['app', running],
  ]);
  expect(mayStop('db', definitions, both)).toBe(false);
  expect(mayStop('app', definitions, both)).toBe(true);
  expect(mayStop('db', definitions, new Map([...both, ['app', exited(0)]]))).toBe(true);
});
