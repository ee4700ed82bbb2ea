import { expect, test } from '@playwright/test';
import { createFaultList, type FaultableCall } from './fault-list.ts';
import type { FaultRule } from './fault-rule.ts';

const rule = (change: Partial<FaultRule> = {}): FaultRule => ({
  service: 'dynamodb',
  fault: { kind: 'throttling' },
  ...change,
});

const call = (change: Partial<FaultableCall> = {}): FaultableCall => ({
  service: 'dynamodb',
  operation: 'PutItem',
  testId: 'test-1',
  caller: { accessKeyId: 'AKIA1', arn: 'arn:aws:iam::000000000000:user/testbed' },
  ...change,
});

/** Whether a list with the rule alone has a fault for the call. */
const hits = (rule: FaultRule, call: FaultableCall): boolean => {
  const list = createFaultList();
  list.add(rule);
  return list.take(call) !== undefined;
};

test('a fault is for its service and its operation only', () => {
  expect(hits(rule(), call())).toBe(true);
  expect(hits(rule(), call({ service: 's3' }))).toBe(false);
  expect(hits(rule({ operation: 'PutItem' }), call())).toBe(true);
  expect(hits(rule({ operation: 'PutItem' }), call({ operation: 'GetItem' }))).toBe(false);
});

test('a fault of a test is not for calls of other tests, nor for those of no test', () => {
  expect(hits(rule({ testId: 'test-1' }), call())).toBe(true);
  expect(hits(rule({ testId: 'test-1' }), call({ testId: 'test-11' }))).toBe(false);
  expect(hits(rule({ testId: 'test-1' }), call({ testId: undefined }))).toBe(false);
});

test('a client is known by its access key id or by the ARN of whom it belongs to', () => {
  expect(hits(rule({ client: 'AKIA1' }), call())).toBe(true);
  expect(hits(rule({ client: 'arn:aws:iam::000000000000:user/testbed' }), call())).toBe(true);
  expect(hits(rule({ client: 'AKIA2' }), call())).toBe(false);
});

test("S3's error with status 200 waits for an operation that answers early", () => {
  const late = rule({ service: 's3', fault: { kind: 'error-in-200', code: 'InternalError' } });
  expect(hits(late, call({ service: 's3', operation: 'PutObject' }))).toBe(false);
  expect(hits(late, call({ service: 's3', operation: 'CopyObject' }))).toBe(true);
});

test('a fault for some times is taken as often and no more, and calls that do not match take nothing', () => {
  const list = createFaultList();
  list.add(rule({ operation: 'PutItem', times: 2 }));
  const taken = ['PutItem', 'GetItem', 'PutItem', 'PutItem'].map((operation) => list.take(call({ operation })));
  expect(taken.map((injection) => injection?.id)).toEqual(['fault-1', undefined, 'fault-1', undefined]);
  expect(list.list()).toMatchObject([{ id: 'fault-1', injected: 2 }]);
});

test('a fault by a rate chooses the same calls each time, about as many as it says', () => {
  const chosen = (seed?: number): boolean[] => {
    const list = createFaultList();
    list.add(rule({ rate: 0.3, ...(seed !== undefined && { seed }) }));
    return Array.from({ length: 1_000 }, () => list.take(call()) !== undefined);
  };
  expect(chosen(5)).toEqual(chosen(5));
  expect(chosen(5)).not.toEqual(chosen(6));
  expect(chosen()).toEqual(chosen(1));
  const count = chosen(5).filter(Boolean).length;
  expect(count).toBeGreaterThan(250);
  expect(count).toBeLessThan(350);
});

test('a rate of 1 chooses every call', () => {
  const list = createFaultList();
  list.add(rule({ rate: 1 }));
  expect(Array.from({ length: 50 }, () => list.take(call())).every(Boolean)).toBe(true);
});

test('of several faults the first added comes first, and the next when it is used up', () => {
  const list = createFaultList();
  list.add(rule({ times: 1 }));
  list.add(rule({ fault: { kind: 'server-error', status: 500 } }));
  expect([1, 2, 3].map(() => list.take(call())?.fault.kind)).toEqual(['throttling', 'server-error', 'server-error']);
});

test('a removed fault is not taken any more, and whoever holds it is told', () => {
  const list = createFaultList();
  const { id } = list.add(rule());
  const injection = list.take(call());
  expect(list.remove(id)).toBe(true);
  expect(injection?.removed.aborted).toBe(true);
  expect(list.take(call())).toBeUndefined();
  expect(list.remove(id)).toBe(false);
});

test('the faults of one test can be removed together', () => {
  const list = createFaultList();
  list.add(rule({ testId: 'one' }));
  list.add(rule({ testId: 'two' }));
  list.add(rule({ testId: 'one' }));
  expect(list.clear({ testId: 'one' })).toBe(2);
  expect(list.list().map(({ testId }) => testId)).toEqual(['two']);
  expect(list.clear()).toBe(1);
});
