import type { HealthStatus } from '@aws-sdk/client-ecs';
import { expect, test } from '@playwright/test';
import { checkedContainersAreHealthy, taskHealth } from './task-state.ts';

const healthCheck = { command: ['CMD', 'true'] };

/** A task of essential, checked containers, `c0` and on, with these states. */
function checked(states: readonly HealthStatus[]) {
  const named = states.map((healthStatus, index) => ({ name: `c${index}`, healthStatus }));
  return {
    definition: { containerDefinitions: named.map(({ name }) => ({ name, healthCheck })) },
    containers: named,
  };
}

// The examples of the API reference, HealthCheck.
const examples: [HealthStatus, HealthStatus[]][] = [
  ['UNHEALTHY', ['UNHEALTHY', 'UNKNOWN']],
  ['UNHEALTHY', ['UNHEALTHY', 'HEALTHY']],
  ['UNKNOWN', ['HEALTHY', 'UNKNOWN']],
  ['HEALTHY', ['HEALTHY', 'HEALTHY']],
  ['UNHEALTHY', ['UNHEALTHY', 'UNKNOWN', 'UNKNOWN']],
  ['UNHEALTHY', ['UNHEALTHY', 'UNKNOWN', 'HEALTHY']],
  ['UNHEALTHY', ['UNHEALTHY', 'HEALTHY', 'HEALTHY']],
  ['UNKNOWN', ['HEALTHY', 'UNKNOWN', 'HEALTHY']],
  ['UNKNOWN', ['HEALTHY', 'UNKNOWN', 'UNKNOWN']],
  ['HEALTHY', ['HEALTHY', 'HEALTHY', 'HEALTHY']],
];

for (const [health, states] of examples) {
  test(`a task whose containers are ${states.join(', ')} is ${health}`, () => {
    const { definition, containers } = checked(states);
    expect(taskHealth(definition, containers)).toBe(health);
    expect(checkedContainersAreHealthy(definition, containers)).toBe(health === 'HEALTHY');
  });
}

test('an essential container without a health check leaves the health of its task UNKNOWN', () => {
  const definition = { containerDefinitions: [{ name: 'app', healthCheck }, { name: 'plain' }] };
  const containers = [
    { name: 'app', healthStatus: 'HEALTHY' as const },
    { name: 'plain', healthStatus: 'UNKNOWN' as const },
  ];
  expect(taskHealth(definition, containers)).toBe('UNKNOWN');
  expect(checkedContainersAreHealthy(definition, containers)).toBe(true);
});

test('a container that is not essential has no part in the health of its task', () => {
  const definition = {
    containerDefinitions: [
      { name: 'app', healthCheck },
      { name: 'sidecar', essential: false, healthCheck },
    ],
  };
  const containers = [
    { name: 'app', healthStatus: 'HEALTHY' as const },
    { name: 'sidecar', healthStatus: 'UNHEALTHY' as const },
  ];
  expect(taskHealth(definition, containers)).toBe('HEALTHY');
  expect(checkedContainersAreHealthy(definition, containers)).toBe(true);
});
