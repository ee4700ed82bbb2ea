import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import type { ProtocolResponse } from '../protocols/protocol.ts';
import { awaitsContinue } from './request-body.ts';

/** Writes an answer; a client that has left already is no error. */
export function sendResponse(request: IncomingMessage, response: ServerResponse, answer: ProtocolResponse): void {
  const { status, headers, body } = answer;
  if (response.destroyed) {
    if (body instanceof Readable) body.destroy();
    return;
  }
  if (typeof body === 'string' || body instanceof Uint8Array) {
    // A HEAD answer states the length of what GET would send, if it states one, and 204 and 304 none.
    const bare = request.method === 'HEAD' || status === 204 || status === 304;
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    response.writeHead(status, bare ? headers : { 'content-length': length, ...headers });
    response.end(bare ? undefined : body);
    return;
  }
  response.writeHead(status, headers);
  // Where the body is still to come, as from a server behind the gateway, the head does not wait for it.
  if (body.readableLength === 0) response.flushHeaders();
  // A stream that fails half-way can only be told by cutting the connection, which pipeline does.
  pipeline(body, response, (error) => {
    if (error && !response.destroyed) response.destroy();
  });
}

/** What is left of a body is read rather than the connection closed, up to here; bytes. */
const smallBody = 1024 * 1024;

/** How long the rest of a larger body is read, milliseconds. */
const lingering = 10_000;

/**
 * Refuses a request whose body has not come to its end. A socket that is closed while data is on its way
 * to it is reset, and the client may lose the answer before it has read it; so the rest is read and
 * forgotten, for a while.
 */
export function sendRefusal(request: IncomingMessage, response: ServerResponse, answer: ProtocolResponse): void {
  const { status, headers, body } = answer;
  if (request.complete || awaitsContinue(request) || typeof body !== 'string') {
    if (!request.complete) response.shouldKeepAlive = false;
    sendResponse(request, response, answer);
    return;
  }
  request.on('error', () => {});
  if (Number(request.headers['content-length']) <= smallBody) {
    sendResponse(request, response, answer);
    request.resume();
    return;
  }
  response.shouldKeepAlive = false;
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
  // All of the answer is on its way by this; its end is what closes the connection.
  response.write(body);
  const finish = (): void => {
    clearTimeout(deadline);
    response.end();
  };
  const deadline = setTimeout(finish, lingering).unref();
  request.once('end', finish).once('close', finish).resume();
}

/** Reads what is left of a request that has its answer, as `sendRefusal` does; the connection stays if it is soon over. */
export function forgetRest(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return;
  const deadline = setTimeout(() => request.destroy(), lingering).unref();
  const cancel = (): void => clearTimeout(deadline);
  request
    .on('error', () => {})
    .once('end', cancel)
    .once('close', cancel)
    .resume();
}
