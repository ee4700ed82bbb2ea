import { expect, test } from '@playwright/test';
import { readWarmThroughput } from './warm-throughput.ts';

test('a table billed per request is not made cooler than it would be by itself', () => {
  const least = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };
  expect(readWarmThroughput('PAY_PER_REQUEST', least, 'table')).toEqual(least);
  expect(readWarmThroughput('PAY_PER_REQUEST', { WriteUnitsPerSecond: 5_000 }, 'table')).toBeDefined();
  const refused = 'One or more parameter values were invalid: Requested';
  expect(() => readWarmThroughput('PAY_PER_REQUEST', { ...least, WriteUnitsPerSecond: 3_999 }, 'table')).toThrow(
    `${refused} WriteUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand`,
  );
  expect(() => readWarmThroughput('PAY_PER_REQUEST', { ...least, ReadUnitsPerSecond: 1 }, 'index by-date')).toThrow(
    `${refused} ReadUnitsPerSecond for WarmThroughput for index by-date is lower`,
  );
});

test('what a table with provisioned throughput asks for is taken', () => {
  const asked = { ReadUnitsPerSecond: 100, WriteUnitsPerSecond: 100 };
  expect(readWarmThroughput('PROVISIONED', asked, 'table')).toEqual(asked);
});
