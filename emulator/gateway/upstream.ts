import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import type { ProtocolResponse } from '../protocols/protocol.ts';
import { AwsError } from '../service.ts';

/** A server behind the gateway, which answers for the services that the emulator is not asked to be. */
export interface Upstream {
  readonly endpoint: string;
  /**
   * Passes a request on as it is, its Host and signature too, and its answer back.
   *
   * @param url path and query, as sent
   * @param body what has been collected of it already, else the request itself
   * @returns the head of the answer, and its body as a stream
   * @throws AwsError ServiceUnavailable, 503, when the server cannot be reached
   */
  forward(request: IncomingMessage, url: string, body: Buffer | Readable): Promise<ProtocolResponse>;
  /** Closes the connections that are kept for later. */
  close(): void;
}

/** Headers between two neighbours, which are not passed on (RFC 9110 7.6.1); we have answered Expect ourselves. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** @param endpoint `http://…` or `https://…`; a path in it stands before that of every request */
export function createUpstream(endpoint: string): Upstream {
  const base = new URL(endpoint);
  const secure = base.protocol === 'https:';
  // As many connections as there are calls at once, kept for the next ones.
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const send = secure ? httpsRequest : httpRequest;
  const prefix = base.pathname.replace(/\/$/, '');

  return {
    endpoint,
    async forward(request, url, body) {
      const attempt = (): Promise<IncomingMessage> =>
        new Promise((resolve, reject) => {
          const { method, headers } = request;
          const outgoing = send({
            agent,
            hostname: base.hostname,
            port: base.port,
            method,
            path: `${prefix}${url}`,
            headers: passedOn(headers),
            setHost: false,
          });
          outgoing.once('response', resolve);
          outgoing.once('error', (error) => reject(new UpstreamError(error, outgoing.reusedSocket)));
          // Whoever leaves in the middle is not worked for any longer.
          request.once('close', () => {
            if (!request.complete) outgoing.destroy();
          });
          if (Buffer.isBuffer(body)) outgoing.end(body);
          else pipeline(body, outgoing, () => {});
        });
      try {
        const answer = await attempt().catch((error: UpstreamError) => {
          // The server had closed the connection when it got the request: nothing has happened there.
          if (error.onKeptConnection && Buffer.isBuffer(body)) return attempt();
          throw error;
        });
        return { status: answer.statusCode ?? 502, headers: passedOn(answer.headers), body: answer };
      } catch (error) {
        throw unreachable(endpoint, error);
      }
    },
    close: () => agent.destroy(),
  };
}

function passedOn(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined || hopByHop.has(name) ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

/** The connection failed before there was an answer. */
class UpstreamError extends Error {
  /** True when it had been used before, and the server may have closed it meanwhile. */
  readonly onKeptConnection: boolean;

  constructor(cause: NodeJS.ErrnoException, onKeptConnection: boolean) {
    super(cause.code ?? cause.message, { cause });
    this.onKeptConnection = onKeptConnection;
  }
}

function unreachable(endpoint: string, error: unknown): AwsError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AwsError('ServiceUnavailable', `The server behind the gateway, ${endpoint}, does not answer: ${reason}.`, {
    statusCode: 503,
  });
}
