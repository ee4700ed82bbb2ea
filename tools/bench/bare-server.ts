/**
 * What the emulator is measured against: a node:http server that answers at once, with a fixed body for
 * each X-Amz-Target. Reads the bodies as JSON from the file named on the command line.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [file = ''] = process.argv.slice(2);
const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
const bodies = new Map(Object.entries(texts).map(([target, text]) => [target, Buffer.from(text)]));

const server = createServer((request, response) => {
  const body = bodies.get(String(request.headers['x-amz-target'])) ?? Buffer.from('{}');
  request.resume();
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': body.length });
  response.end(body);
});
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
