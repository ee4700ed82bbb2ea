import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { ClientAbortedError } from './request-body.ts';

/**
 * Hands a request's body on as a stream that is not the connection's: who stops reading it early, because
 * something was wrong, can still answer. It ends only when the whole body has come.
 *
 * @param check looks at the hash of the whole body, where the request claims one; what it throws the stream
 *   fails with at its end, for until then nobody can tell
 * @returns the stream; it fails with ClientAbortedError when the client closes the connection in the middle
 */
export function streamedBody(request: IncomingMessage, check?: (computed: string) => void): Readable {
  const hash = check && createHash('sha256');
  const body = new Readable({
    highWaterMark: 256 * 1024,
    read() {
      request.resume();
    },
    destroy(error, done) {
      request.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort);
      // An error that comes after this must not end the process.
      request.on('error', () => {});
      done(error);
    },
  });
  function onData(piece: Buffer): void {
    hash?.update(piece);
    if (!body.push(piece)) request.pause();
  }
  function onEnd(): void {
    try {
      if (hash) check?.(hash.digest('hex'));
      body.push(null);
    } catch (error) {
      body.destroy(error as Error);
    }
  }
  function onAbort(): void {
    if (!request.readableEnded) body.destroy(new ClientAbortedError('The client closed the connection.'));
  }
  // An operation that refuses before it reads leaves nobody else who listens.
  body.on('error', () => {});
  // Paused, so that listening does not let the data flow before somebody reads.
  request.pause();
  request.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort);
  if (request.destroyed) process.nextTick(onAbort);
  return body;
}
