import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { watchUpload } from './stalled-upload.ts';

/** The client went away before its request was complete. */
export class ClientAbortedError extends Error {
  override readonly name = 'ClientAbortedError';
}

/** The body is larger than the gateway collects. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/**
 * Collects a request's body.
 *
 * @param limit bytes
 * @param clock gives it up where nothing comes any more, as S3 does; without one it may take for ever
 * @throws BodyTooLargeError as soon as it is known to be larger than the limit
 * @throws ClientAbortedError when the client closes the connection in the middle
 * @throws AwsError RequestTimeout, by the clock
 */
export function collectBody(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  clock?: Clock,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > limit) {
      reject(new BodyTooLargeError());
      return;
    }
    askForBody(request, response);
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.pause();
        request.removeAllListeners('data');
        reject(new BodyTooLargeError());
      } else {
        chunks.push(chunk);
      }
    });
    if (clock && !request.complete) watchUpload(request, clock, reject);
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)));
    request.on('error', () => reject(new ClientAbortedError()));
    request.on('close', () => {
      if (!request.complete) reject(new ClientAbortedError());
    });
  });
}

const asked = new WeakSet<IncomingMessage>();

/** Tells a client that waits for it (`Expect: 100-continue`) to send the body. */
export function askForBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect === undefined || asked.has(request)) return;
  asked.add(request);
  response.writeContinue();
}

/** True where a client still waits to be told to send its body. */
export function awaitsContinue(request: IncomingMessage): boolean {
  return request.headers.expect !== undefined && !asked.has(request);
}
