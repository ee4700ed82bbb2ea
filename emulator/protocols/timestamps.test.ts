import { expect, test } from '@playwright/test';
import { formatTimestamp, parseTimestamp } from './timestamps.ts';

const moment = new Date('2026-11-21T09:30:00.250Z');

test('a timestamp is written in each of the three formats', () => {
  expect(formatTimestamp(moment, 'date-time')).toBe('2026-11-21T09:30:00.250Z');
  expect(formatTimestamp(moment, 'http-date')).toBe('Sat, 21 Nov 2026 09:30:00 GMT');
  expect(formatTimestamp(moment, 'epoch-seconds')).toBe('1795253400.25');
});

test('a timestamp is read from each of the three formats', () => {
  expect(parseTimestamp('2026-11-21T09:30:00.250Z', 'date-time')).toEqual(moment);
  expect(parseTimestamp('2026-11-21T10:30:00.25+01:00', 'date-time')).toEqual(moment);
  expect(parseTimestamp('Sat, 21 Nov 2026 09:30:00 GMT', 'http-date')).toEqual(new Date('2026-11-21T09:30:00Z'));
  expect(parseTimestamp('Saturday, 21-Nov-26 09:30:00 GMT', 'http-date')).toEqual(new Date('2026-11-21T09:30:00Z'));
  expect(parseTimestamp('1795253400.25', 'epoch-seconds')).toEqual(moment);
  expect(parseTimestamp('-1', 'epoch-seconds')).toEqual(new Date(-1000));
});

test('text that is no timestamp of the format is not read as one', () => {
  for (const text of ['', 'yesterday', '2026-11-21', '2026-13-41T00:00:00Z']) {
    expect(parseTimestamp(text, 'date-time'), text).toBeUndefined();
  }
  expect(parseTimestamp('2026-11-21T09:30:00Z', 'http-date')).toBeUndefined();
  expect(parseTimestamp('12 o clock', 'epoch-seconds')).toBeUndefined();
  expect(parseTimestamp('1e300', 'epoch-seconds')).toBeUndefined();
});

test('an output with something else than a valid Date is refused', () => {
  for (const value of [undefined, 1, '2026-11-21T09:30:00Z', new Date(Number.NaN)]) {
    expect(() => formatTimestamp(value, 'date-time')).toThrow(/must be a valid Date/);
  }
});
