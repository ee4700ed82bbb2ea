import { expect, test } from '@playwright/test';
import { describe, duration } from './status.ts';

const startedAt = '2026-01-01T00:00:00.000Z';
const now = Date.parse(startedAt) + 240_000;

test('a kept process is one line: how it is, where, since when, who', () => {
  const status = {
    environment: 'local',
    state: 'healthy',
    detail: 'it answers',
    endpoint: 'http://127.0.0.1:1',
  } as const;
  expect(describe({ ...status, startedAt, pid: 7 }, now)).toBe(
    'local: healthy at http://127.0.0.1:1 for 4 min (process 7)',
  );
});

test('what is wrong with one that runs is told', () => {
  const status = {
    environment: 'localstack',
    state: 'unhealthy',
    detail: 'no answer',
    endpoint: 'http://127.0.0.1:1',
  } as const;
  expect(describe({ ...status, startedAt, container: 'c', image: 'i:1' }, now)).toBe(
    'localstack: unhealthy at http://127.0.0.1:1 for 4 min (container c, i:1): no answer',
  );
});

test('one that is gone says that its state is stale, and the remedy', () => {
  expect(
    describe({ environment: 'local', state: 'gone', detail: 'its process 7 has ended', startedAt, pid: 7 }, now),
  ).toBe(
    'local: gone, its process 7 has ended; what is written down of it is stale: `testbed start` or `testbed clean` removes it',
  );
  expect(describe({ environment: 'local', state: 'down', detail: 'not kept up' }, now)).toBe('local: down');
});

test('times are told in the unit that suits them', () => {
  expect([-5_000, 90_000, 3_600_000, 90_000_000, 864_000_000].map(duration)).toEqual([
    '0 s',
    '90 s',
    '60 min',
    '25 h',
    '10 d',
  ]);
});
