import type { Task } from '@aws-sdk/client-ecs';
import { expect, test } from '@playwright/test';
import { endpointOf, isServing } from './service-discovery.ts';

const running: Task = { taskArn: 'a', lastStatus: 'RUNNING', desiredStatus: 'RUNNING', containers: [{ name: 'app' }] };

const cases: [what: string, task: Task, checked: string[], serving: boolean][] = [
  ['a running one without health checks', running, [], true],
  ['one that is still starting', { ...running, lastStatus: 'PENDING' }, [], false],
  ['one that is to stop', { ...running, desiredStatus: 'STOPPED' }, [], false],
  [
    'one that is not checked yet',
    { ...running, containers: [{ name: 'app', healthStatus: 'UNKNOWN' }] },
    ['app'],
    false,
  ],
  ['one that is sick', { ...running, containers: [{ name: 'app', healthStatus: 'UNHEALTHY' }] }, ['app'], false],
  ['one that is well', { ...running, containers: [{ name: 'app', healthStatus: 'HEALTHY' }] }, ['app'], true],
];
for (const [what, task, checked, serving] of cases) {
  test(`${serving ? 'requests are' : 'nothing is'} sent to a task: ${what}`, () => {
    expect(isServing(task, checked)).toBe(serving);
  });
}

test('a task is reached at its host port, else at its own address', () => {
  const binding = { containerPort: 80, hostPort: 3280, bindIP: '0.0.0.0' };
  expect(endpointOf({ containers: [{ networkBindings: [binding] }] }, 80)?.url).toBe('http://127.0.0.1:3280');
  const networkInterfaces = [{ privateIpv4Address: '10.0.0.7' }];
  expect(endpointOf({ containers: [{ networkInterfaces }] }, 80)?.url).toBe('http://10.0.0.7:80');
  expect(endpointOf({ containers: [{ name: 'app' }] }, 80)).toBeUndefined();
});
