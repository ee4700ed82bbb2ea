/** What streams in and out of S3 are measured against: a node:http server that sends back what it gets, as it comes. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

const server = createServer((request, response) => {
  response.writeHead(200, { 'content-length': request.headers['content-length'] });
  pipeline(request, response, (error) => {
    if (error) response.destroy();
  });
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
