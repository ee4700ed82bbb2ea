import { Readable } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProtocolResponse } from '../../protocols/protocol.ts';
import type { sendResponse } from '../response.ts';
import type { FaultyCall } from './before-operation.ts';
import type { Injection } from './fault-list.ts';
import { holdFor, holdForever, type HoldResult } from './hold.ts';

/**
 * Sends the answer as its fault has it, or cuts the connection. Once the fault is removed, nothing holds the
 * answer up any more.
 *
 * @param send sends an answer as it is
 * @returns whether the client got at least a head
 */
export async function sendFaulty(
  { fault, removed }: Injection,
  { request, response, clock }: Pick<FaultyCall, 'request' | 'response' | 'clock'>,
  answer: ProtocolResponse,
  send: typeof sendResponse,
): Promise<'sent' | 'cut'> {
  const cut = (): 'cut' => {
    if (answer.body instanceof Readable) answer.body.destroy();
    cutConnection(response);
    return 'cut';
  };
  switch (fault.kind) {
    case 'connection-reset':
      return cut();
    case 'no-response':
      if (fault.when === 'after' && (await holdForever(response, removed)) === 'gone') return cut();
      break;
    case 'latency':
      if (fault.when === 'after' && (await holdFor(fault.milliseconds, response, removed, clock)) === 'gone') {
        return cut();
      }
      break;
    case 'truncated-body':
      // What has no body ends before its head does.
      if (isBare(request, answer)) return cut();
      await sendTruncated(response, answer, fault.bytes);
      return 'sent';
    case 'slow-body':
      if (isBare(request, answer)) break;
      // The call is answered as soon as its head is; what is left goes on by itself.
      void sendSlowly(response, answer, fault.bytesPerSecond, (milliseconds) =>
        holdFor(milliseconds, response, removed, clock),
      );
      return 'sent';
    case 'throttling':
    case 'server-error':
    case 'error-in-200':
      break;
  }
  send(request, response, answer);
  return 'sent';
}

/** Resets the connection, as a machine does that knows nothing of it: the client's next read or write fails. */
export function cutConnection(response: ServerResponse): void {
  if (response.socket && !response.socket.destroyed) response.socket.resetAndDestroy();
}

function isBare(request: IncomingMessage, { status }: ProtocolResponse): boolean {
  return request.method === 'HEAD' || status === 204 || status === 304;
}

/** Content-Length is at least a byte more than what comes. */
async function sendTruncated(response: ServerResponse, answer: ProtocolResponse, bytes?: number): Promise<void> {
  const length = lengthOf(answer);
  const kept = bytes ?? Math.floor((length ?? 0) / 2);
  const declared = length === undefined ? {} : { 'content-length': String(Math.max(length, kept + 1)) };
  response.writeHead(answer.status, { ...answer.headers, ...declared });
  let left = kept;
  try {
    for await (const chunk of chunksOf(answer.body)) {
      if (left === 0 || response.destroyed) break;
      const part = chunk.subarray(0, left);
      left -= part.length;
      await write(response, part);
    }
    // Where nothing of the body is to come, the head is still to.
    if (kept === 0) await write(response, Buffer.alloc(0));
  } finally {
    response.destroy();
  }
}

async function sendSlowly(
  response: ServerResponse,
  answer: ProtocolResponse,
  bytesPerSecond: number,
  pause: (milliseconds: number) => Promise<HoldResult>,
): Promise<void> {
  const length = lengthOf(answer);
  // Ten steps a second, or one for each byte.
  const step = Math.max(1, Math.floor(bytesPerSecond / 10));
  try {
    response.writeHead(answer.status, {
      ...(length !== undefined && { 'content-length': String(length) }),
      ...answer.headers,
    });
    response.flushHeaders();
    for await (const chunk of chunksOf(answer.body)) {
      for (let from = 0; from < chunk.length; from += step) {
        const part = chunk.subarray(from, from + step);
        if ((await pause((part.length / bytesPerSecond) * 1000)) === 'gone') throw new Error('The client has left.');
        await write(response, part);
      }
    }
    response.end();
  } catch {
    // The client left, or the body failed half-way: the connection tells.
    cutConnection(response);
  }
}

/** Bytes of the body, where that is known beforehand. */
function lengthOf({ headers, body }: ProtocolResponse): number | undefined {
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (body instanceof Uint8Array) return body.length;
  const declared = headers['content-length'];
  return declared === undefined ? undefined : Number(declared);
}

/** Breaking off the iteration destroys a stream. */
async function* chunksOf(body: ProtocolResponse['body']): AsyncGenerator<Buffer> {
  if (body instanceof Readable) for await (const chunk of body) yield Buffer.from(chunk as Uint8Array);
  else yield Buffer.from(body as string);
}

/** Resolves when the bytes are with the operating system, or when nobody will take them any more. */
function write(response: ServerResponse, part: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.write(part, () => resolve());
  });
}
