import { expect, test } from '@playwright/test';
import { changeWarmThroughput, readWarmThroughput, warmest } from './warm-throughput.ts';

const none = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
const least = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };
const refused = 'One or more parameter values were invalid: Requested';

test('a table billed per request is not made cooler than it would be by itself', () => {
  expect(readWarmThroughput('PAY_PER_REQUEST', none, undefined, 'table')).toEqual(least);
  expect(readWarmThroughput('PAY_PER_REQUEST', none, least, 'table')).toEqual(least);
  expect(readWarmThroughput('PAY_PER_REQUEST', none, { ReadUnitsPerSecond: 12_001 }, 'table')).toEqual({
    ReadUnitsPerSecond: 12_001,
    WriteUnitsPerSecond: 4_000,
  });
  const ask = (asked: object, place: string) => () => readWarmThroughput('PAY_PER_REQUEST', none, asked, place);
  expect(ask({ ...least, WriteUnitsPerSecond: 3_999 }, 'table')).toThrow(
    `${refused} WriteUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand. See: `,
  );
  expect(ask({ ...least, ReadUnitsPerSecond: 1 }, 'index by-date')).toThrow(
    `${refused} ReadUnitsPerSecond for WarmThroughput for index by-date is lower`,
  );
});

test('one with provisioned throughput is not made cooler than its units', () => {
  const units = { ReadCapacityUnits: 10, WriteCapacityUnits: 5 };
  const asked = { ReadUnitsPerSecond: 100, WriteUnitsPerSecond: 100 };
  expect(readWarmThroughput('PROVISIONED', units, asked, 'table')).toEqual(asked);
  expect(() => readWarmThroughput('PROVISIONED', units, { ReadUnitsPerSecond: 9 }, 'table')).toThrow(
    `${refused} ReadUnitsPerSecond for WarmThroughput for table is lower than ReadCapacityUnits of ProvisionedThroughput`,
  );
});

test('one that is there only becomes warmer', () => {
  expect(changeWarmThroughput(least, { WriteUnitsPerSecond: 5_000 }, 'table')).toEqual({
    ReadUnitsPerSecond: 12_000,
    WriteUnitsPerSecond: 5_000,
  });
  expect(() => changeWarmThroughput(least, { ReadUnitsPerSecond: 6_000 }, 'index by-date')).toThrow(
    `${refused} ReadUnitsPerSecond for WarmThroughput for index by-date is lower than current WarmThroughput, ` +
      'decreasing WarmThroughput is not supported',
  );
  expect(warmest(least, { ReadUnitsPerSecond: 1, WriteUnitsPerSecond: 9_000 })).toEqual({
    ReadUnitsPerSecond: 12_000,
    WriteUnitsPerSecond: 9_000,
  });
});
