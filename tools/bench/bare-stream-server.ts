/**
 * What streams in and out of S3 are measured against: a node:http server that forgets what is put, and
 * sends what is got from one buffer, as many bytes as its query says (`/?bytes=1000`).
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pieces } from './stream-client.ts';

const server = createServer((request, response) => {
  if (request.method === 'PUT') {
    request.on('end', () => response.writeHead(200, { 'content-length': 0 }).end()).resume();
    return;
  }
  const bytes = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('bytes'));
  response.writeHead(200, { 'content-length': bytes });
  Readable.from(pieces(bytes)).pipe(response);
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
