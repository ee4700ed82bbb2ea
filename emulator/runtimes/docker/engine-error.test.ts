import { expect, test } from '@playwright/test';
import { engineErrorStatus, engineErrorText } from './engine-error.ts';

test("passes the daemon's words on as Docker's own client does", () => {
  const error = Object.assign(new Error('(HTTP code 404) no such container - No such image: nope:latest '), {
    statusCode: 404,
  });
  expect(engineErrorText(error)).toBe('Error response from daemon: No such image: nope:latest');
  expect(engineErrorStatus(error)).toBe(404);
});

test('keeps the words of other errors', () => {
  expect(engineErrorText(new Error('connect ECONNREFUSED'))).toBe('connect ECONNREFUSED');
  expect(engineErrorStatus(new Error('connect ECONNREFUSED'))).toBeUndefined();
});
