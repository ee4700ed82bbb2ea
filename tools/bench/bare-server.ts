/**
 * What the emulator is measured against: a node:http server that answers every call at once with what was
 * recorded of it. Reads the answers from the file named on the command line.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callKey, parseAnswers } from './recorded-answers.ts';

const [file = ''] = process.argv.slice(2);
const answers = parseAnswers(readFileSync(file, 'utf8'));

const server = createServer((request, response) => {
  const { method = '', url = '', headers } = request;
  const [path = ''] = url.split('?', 1);
  const answer = answers.get(callKey(method, path, headers['x-amz-target']?.toString()));
  request.resume();
  if (!answer) {
    response.writeHead(501).end();
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
});
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
