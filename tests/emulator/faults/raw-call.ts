import { request as httpRequest } from 'node:http';
import { signInHeader, type WireRequest } from '../auth/wire-request.ts';
import { credentials } from '../credentials.ts';

/** An answer as it came over the wire, as far as it came. */
export interface RawAnswer {
  readonly status: number;
  /** The Content-Length header. */
  readonly declared: number;
  readonly body: string;
  readonly closed: 'whole' | 'early';
  /** From the head to the end. */
  readonly milliseconds: number;
}

/** Calls ListClusters without an SDK, which would hide how an answer ends. */
export async function rawListClusters(endpoint: string): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(endpoint);
  const unsigned: WireRequest = {
    method: 'POST',
    path: '/',
    query: {},
    headers: {
      'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters',
      'content-type': 'application/x-amz-json-1.1',
    },
    body: '{}',
  };
  const { headers, body } = await signInHeader(unsigned, { service: 'ecs', ...credentials }, host);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, method: 'POST', path: '/', headers, agent: false }, (incoming) => {
      const start = performance.now();
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      // An early end is an error, too; `close` comes in either case.
      incoming.on('error', () => {});
      incoming.on('close', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          declared: Number(incoming.headers['content-length']),
          body: Buffer.concat(chunks).toString(),
          closed: incoming.complete ? 'whole' : 'early',
          milliseconds: performance.now() - start,
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
