import { expect, test } from '@playwright/test';
import { manualClock, type Clock } from '../../../clock.ts';
import { rememberToken, tasksOfToken } from './client-tokens.ts';

const hour = 3_600_000;

function emptyState() {
  const clock = manualClock();
  return { clientTokens: new Map(), dependencies: { clock }, clock };
}

test('a client token stands for its tasks for a day, in its cluster', () => {
  const state = emptyState();
  const input = { clientToken: 'token', count: 1 };
  rememberToken(state, 'blue', input, ['task-1']);
  state.clock.advance(24 * hour - 1);
  expect(tasksOfToken(state, 'blue', input)).toEqual(['task-1']);
  expect(tasksOfToken(state, 'green', input)).toBeUndefined();
  state.clock.advance(1);
  expect(tasksOfToken(state, 'blue', input)).toBeUndefined();
});

test('tokens that have expired are forgotten, later ones are not', () => {
  const state = emptyState();
  rememberToken(state, 'blue', { clientToken: 'first' }, ['task-1']);
  state.clock.advance(hour);
  rememberToken(state, 'blue', { clientToken: 'second' }, ['task-2']);
  state.clock.advance(23 * hour);
  expect(tasksOfToken(state, 'blue', { clientToken: 'third' })).toBeUndefined();
  expect([...state.clientTokens.values()]).toMatchObject([{ taskArns: ['task-2'] }]);
});

test('a token used with another request is refused, and names its tasks', () => {
  const state = emptyState();
  rememberToken(state, 'blue', { clientToken: 'token' }, ['task-1']);
  const other = { clientToken: 'token', count: 2 };
  expect(() => tasksOfToken(state, 'blue', other)).toThrow('already in use');
});

test('tokens set no timer that could outlive the state', () => {
  const state = emptyState();
  const timers: number[] = [];
  const clock: Clock = {
    now: () => state.clock.now(),
    after(milliseconds, callback) {
      timers.push(milliseconds);
      return state.clock.after(milliseconds, callback);
    },
  };
  rememberToken({ ...state, dependencies: { clock } }, 'blue', { clientToken: 'token' }, ['task-1']);
  expect(timers).toEqual([]);
});
