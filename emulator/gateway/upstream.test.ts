import { IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { createUpstream } from './upstream.ts';

test('a connection that is not made in time is given up', async () => {
  const sockets: Socket[] = [];
  // It takes connections, and never says a word of TLS.
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).resume();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const upstream = createUpstream(endpoint, undefined, 100);
  try {
    const request = new IncomingMessage(new Socket());
    request.method = 'GET';
    await expect(upstream.forward(request, '/', Buffer.alloc(0))).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      message: `The server behind the gateway, ${endpoint}, does not answer: no connection within 0.1 s.`,
    });
  } finally {
    upstream.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});
