import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { manualClock } from '../clock.ts';
import { watchUpload } from './stalled-upload.ts';

/** A request whose body is in the hands of the test, and what its watch has failed with. */
function watched() {
  const clock = manualClock();
  const request = new IncomingMessage(new Socket());
  const failures: string[] = [];
  watchUpload(request, clock, ({ code }) => failures.push(code));
  return { clock, request, failures };
}

test('an upload fails twenty seconds after its last bytes, once', () => {
  const { clock, request, failures } = watched();
  clock.advance(15_000);
  request.emit('data', Buffer.from('more'));
  clock.advance(19_999);
  expect(failures).toEqual([]);
  clock.advance(1);
  expect(failures).toEqual(['RequestTimeout']);
  clock.advance(60_000);
  expect(failures).toHaveLength(1);
});

test('an upload that nobody reads for a while does not fail', () => {
  const { clock, request, failures } = watched();
  request.pause();
  clock.advance(60_000);
  request.resume();
  clock.advance(19_000);
  expect(failures).toEqual([]);
});

for (const event of ['end', 'close']) {
  test(`an upload is not watched after its ${event}`, () => {
    const { clock, request, failures } = watched();
    request.emit(event);
    clock.advance(60_000);
    expect(failures).toEqual([]);
    expect(request.listenerCount('data')).toBe(0);
  });
}
