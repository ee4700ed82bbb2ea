import { expect, test } from '@playwright/test';
import { chooseCapacity } from './capacity.ts';

const cluster = { clusterName: 'default', capacityProviders: ['FARGATE', 'FARGATE_SPOT', 'asg', 'asg-2'] };

const providers = (strategy: Parameters<typeof chooseCapacity>[1]['capacityProviderStrategy'], count: number) =>
  chooseCapacity(cluster, { capacityProviderStrategy: strategy }, count).map(
    (capacity) => capacity.capacityProviderName,
  );

test('the base is placed first, the rest by weight', () => {
  const strategy = [
    { capacityProvider: 'FARGATE', base: 2, weight: 1 },
    { capacityProvider: 'FARGATE_SPOT', weight: 3 },
  ];
  const placed = providers(strategy, 10);
  expect(placed.slice(0, 2)).toEqual(['FARGATE', 'FARGATE']);
  expect(placed.slice(2).filter((name) => name === 'FARGATE')).toHaveLength(2);
  expect(placed.slice(2).filter((name) => name === 'FARGATE_SPOT')).toHaveLength(6);
});

test('a lone provider needs no weight, a provider of weight 0 beside others gets no task', () => {
  expect(providers([{ capacityProvider: 'FARGATE_SPOT' }], 2)).toEqual(['FARGATE_SPOT', 'FARGATE_SPOT']);
  const strategy = [
    { capacityProvider: 'FARGATE', weight: 0 },
    { capacityProvider: 'FARGATE_SPOT', weight: 1 },
  ];
  expect(providers(strategy, 3)).toEqual(['FARGATE_SPOT', 'FARGATE_SPOT', 'FARGATE_SPOT']);
});

test("without launch type and strategy the cluster's default strategy decides, and EC2 without one", () => {
  const defaultCapacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
  expect(chooseCapacity({ ...cluster, defaultCapacityProviderStrategy }, {}, 1)).toEqual([
    { launchType: 'FARGATE', capacityProviderName: 'FARGATE_SPOT' },
  ]);
  expect(chooseCapacity(cluster, {}, 1)).toEqual([{ launchType: 'EC2' }]);
  expect(chooseCapacity({ ...cluster, defaultCapacityProviderStrategy }, { launchType: 'EC2' }, 1)).toEqual([
    { launchType: 'EC2' },
  ]);
});

test('tasks that were placed before count for the weights', () => {
  const strategy = [
    { capacityProvider: 'FARGATE', weight: 1 },
    { capacityProvider: 'FARGATE_SPOT', weight: 1 },
  ];
  const request = { capacityProviderStrategy: strategy };
  expect(chooseCapacity(cluster, request, 1, 1)[0]?.capacityProviderName).toBe('FARGATE_SPOT');
});

const refusals = [
  {
    what: 'a launch type and a strategy',
    request: { launchType: 'FARGATE' as const, capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
    message: /both a launch type and capacity provider strategy/,
  },
  {
    what: 'a provider that the cluster does not have',
    request: { capacityProviderStrategy: [{ capacityProvider: 'other' }] },
    message: /not associated with the cluster/,
  },
  {
    what: 'Fargate beside an Auto Scaling group',
    request: {
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', weight: 1 },
        { capacityProvider: 'asg', weight: 1 },
      ],
    },
    message: /mix of capacity providers using Auto Scaling groups and Fargate/,
  },
  {
    what: 'two bases',
    request: {
      capacityProviderStrategy: [
        { capacityProvider: 'asg', base: 1, weight: 1 },
        { capacityProvider: 'asg-2', base: 1 },
      ],
    },
    message: /\bbase\b/,
  },
  {
    what: 'several providers without a weight',
    request: { capacityProviderStrategy: [{ capacityProvider: 'asg' }, { capacityProvider: 'asg-2' }] },
    message: /weight greater than 0/,
  },
];

for (const { what, request, message } of refusals) {
  test(`${what} is refused`, () => {
    expect(() => chooseCapacity(cluster, request, 1)).toThrow(message);
  });
}
