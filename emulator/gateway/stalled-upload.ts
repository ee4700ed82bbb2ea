import type { IncomingMessage } from 'node:http';
import type { Clock, Timer } from '../clock.ts';
import { AwsError } from '../service.ts';

/** How long S3 waits for the next bytes of an upload, in milliseconds. */
const patience = 20_000;

/**
 * Fails an upload of which nothing comes any more, as S3 does (RequestTimeout in its list of error codes).
 * While nobody reads, the client is not to blame.
 *
 * @param fail is called once, with S3's refusal
 * @returns ends the watch
 */
export function watchUpload(request: IncomingMessage, clock: Clock, fail: (error: AwsError) => void): () => void {
  let latest = clock.now();
  let timer: Timer;
  const onData = (): void => {
    latest = clock.now();
  };
  const end = (): void => {
    timer.cancel();
    request.off('data', onData).off('end', end).off('close', end);
  };
  // One timer for the whole upload, not one for each piece of it.
  const look = (): void => {
    if (request.isPaused()) latest = clock.now();
    const left = latest + patience - clock.now();
    if (left > 0) {
      timer = clock.after(left, look);
      return;
    }
    end();
    const message =
      'Your socket connection to the server was not read from or written to within the timeout period. ' +
      'Idle connections will be closed.';
    fail(new AwsError('RequestTimeout', message, { statusCode: 400 }));
  };
  timer = clock.after(patience, look);
  request.on('data', onData).once('end', end).once('close', end);
  return end;
}
