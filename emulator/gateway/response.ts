import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { ProtocolResponse } from '../protocols/protocol.ts';

/** Writes an answer; a client that has left already is no error. */
export function sendResponse(request: IncomingMessage, response: ServerResponse, answer: ProtocolResponse): void {
  if (response.destroyed) return;
  const { status, headers, body } = answer;
  if (typeof body === 'string' || body instanceof Uint8Array) {
    // A HEAD answer states the length of what GET would send, if it states one, and 204 and 304 none.
    const bare = request.method === 'HEAD' || status === 204 || status === 304;
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    response.writeHead(status, bare ? headers : { 'content-length': length, ...headers });
    response.end(bare ? undefined : body);
    return;
  }
  response.writeHead(status, headers);
  // A stream that fails half-way can only be told by cutting the connection, which pipeline does.
  pipeline(body, response, (error) => {
    if (error && !response.destroyed) response.destroy();
  });
}
