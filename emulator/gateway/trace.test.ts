import { test, expect } from '@playwright/test';
import { createTrace, type TracedCall } from './trace.ts';

function call(change: Partial<TracedCall> = {}): Omit<TracedCall, 'id'> {
  return {
    time: 0,
    service: 'ecs',
    operation: 'ListClusters',
    region: 'us-east-1',
    status: 200,
    milliseconds: 1,
    requestId: 'r',
    ...change,
  };
}

test('calls are numbered and come back in their order', () => {
  const trace = createTrace();
  trace.record(call({ operation: 'A' }));
  trace.record(call({ operation: 'B' }));
  expect(trace.calls().map(({ id, operation }) => `${id} ${operation}`)).toEqual(['1 A', '2 B']);
});

test('a full trace forgets its oldest calls and keeps the order', () => {
  const trace = createTrace(3);
  for (let count = 1; count <= 7; count++) trace.record(call());
  expect(trace.calls().map(({ id }) => id)).toEqual([5, 6, 7]);
  trace.record(call());
  trace.record(call());
  expect(trace.calls().map(({ id }) => id)).toEqual([7, 8, 9]);
});

test('a trace that is just full loses nothing', () => {
  const trace = createTrace(3);
  for (let count = 1; count <= 3; count++) trace.record(call());
  expect(trace.calls().map(({ id }) => id)).toEqual([1, 2, 3]);
});

test('calls are found by test, by service and by what came after a call', () => {
  const trace = createTrace();
  trace.record(call({ testId: 'one' }));
  trace.record(call({ testId: 'two' }));
  trace.record(call({ service: 'logs', testId: 'one' }));
  const ids = (...[filter]: Parameters<typeof trace.calls>): number[] => trace.calls(filter).map(({ id }) => id);
  expect(ids({ testId: 'one' })).toEqual([1, 3]);
  expect(ids({ testId: 'one', service: 'logs' })).toEqual([3]);
  expect(ids({ since: 1 })).toEqual([2, 3]);
  expect(ids({ testId: 'three' })).toEqual([]);
});
