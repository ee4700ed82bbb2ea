import { Agent, request as httpRequest } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test as base } from '../start-emulator.ts';

const own = ['ecs', 'logs'];

/** A server behind the gateway that treats its connections as the test says, and ends with it. */
const test = base.extend<{ listen: (serve: (socket: Socket) => void) => Promise<string> }>({
  listen: async ({}, use) => {
    const sockets: Socket[] = [];
    const closers: (() => void)[] = [];
    await use(async (serve) => {
      const server = createServer((socket) => {
        sockets.push(socket);
        socket.on('error', () => undefined);
        serve(socket);
      });
      closers.push(() => server.close());
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    for (const socket of sockets) socket.destroy();
    for (const close of closers) close();
  },
});

/** Uploads over one kept connection, so that what is left of one body would hold up the next request. */
async function upload(
  endpoint: string,
  sizes: readonly number[],
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; body: string }[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers = [];
  try {
    for (const size of sizes) {
      answers.push(
        await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
          const options = { method: 'PUT', agent, signal: AbortSignal.timeout(20_000) };
          const outgoing = httpRequest(`${endpoint}/bucket/key`, {
            ...options,
            headers: { 'content-length': size, ...headers },
          });
          outgoing.on('error', reject).on('response', (answer) => {
            text(answer).then((body) => resolve({ status: answer.statusCode, body }), reject);
          });
          outgoing.end(Buffer.alloc(size, 'upload '));
        }),
      );
    }
    return answers;
  } finally {
    agent.destroy();
  }
}

for (const [title, size] of [
  ['10 bytes', 10],
  ['5 MiB', 5 * 1024 * 1024],
] as const) {
  test(`an upload of ${title} to a server behind that nobody runs is refused`, async ({ startAnother }) => {
    const front = await startAnother({ upstream: { endpoint: 'http://127.0.0.1:1', own } });
    const [answer] = await upload(front.endpoint, [size]);
    expect(answer).toMatchObject({ status: 503, body: expect.stringContaining('does not answer: ECONNREFUSED') });
    expect(front.trace.calls({})).toMatchObject([{ status: 503, errorCode: 'ServiceUnavailable' }]);
  });

  test(`a refusal before the server behind has read ${title} is passed on`, async ({ startAnother, listen }) => {
    const endpoint = await listen((socket) =>
      socket.once('data', () => {
        socket.pause();
        socket.write('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 6\r\n\r\nto you');
      }),
    );
    const front = await startAnother({ upstream: { endpoint, own } });
    const refusal = { status: 403, body: 'to you' };
    expect(await upload(front.endpoint, [size, size])).toEqual([refusal, refusal]);
  });

  test(`a server behind that resets an upload of ${title} is unavailable`, async ({ startAnother, listen }) => {
    const endpoint = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const front = await startAnother({ upstream: { endpoint, own } });
    const [answer] = await upload(front.endpoint, [size]);
    expect(answer).toMatchObject({ status: 503, body: expect.stringMatching(/does not answer: E(CONNRESET|PIPE)/) });
    expect(front.trace.calls({})).toMatchObject([{ status: 503, errorCode: 'ServiceUnavailable' }]);
  });
}

test('headers that Connection names are for the gateway alone', async ({ startAnother, listen }) => {
  let received = '';
  const endpoint = await listen((socket) =>
    socket.on('data', (piece: Buffer) => {
      received += piece.toString();
      if (received.endsWith('upload')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    }),
  );
  const front = await startAnother({ upstream: { endpoint, own } });
  const headers = { connection: 'keep-alive, X-Hop', 'x-hop': 'here', 'x-end': 'there' };
  expect(await upload(front.endpoint, [6], headers)).toEqual([{ status: 200, body: '' }]);
  expect(received).toContain('x-end: there');
  expect(received).not.toContain('x-hop');
});

test('an upload whose client goes away ends at the server behind too', async ({ startAnother, listen }) => {
  const sockets: Socket[] = [];
  const endpoint = await listen((socket) => sockets.push(socket.resume()));
  const front = await startAnother({ upstream: { endpoint, own } });
  const outgoing = httpRequest(`${front.endpoint}/bucket/key`, { method: 'PUT', headers: { 'content-length': 5e6 } });
  outgoing.on('error', () => undefined).write('only the beginning');
  await expect.poll(() => sockets.length).toBe(1);
  outgoing.destroy();
  await expect.poll(() => front.trace.calls({})).toMatchObject([{ status: 0, errorCode: 'ClientAborted' }]);
  await expect.poll(() => sockets[0]?.closed).toBe(true);
});
