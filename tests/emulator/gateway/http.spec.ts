import { EventEmitter, once } from 'node:events';
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished, pipeline } from 'node:stream/promises';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { manualClock } from '../../../emulator/clock.ts';
import { AwsError } from '../../../emulator/service.ts';
import { logsModel } from '../../../emulator/services/logs/model.ts';
import { s3Model } from '../../../emulator/services/s3/model.ts';
import { stsModel } from '../../../emulator/services/sts/model.ts';
import { credentials } from '../credentials.ts';
import { send, signInHeader, type WireRequest } from '../auth/wire-request.ts';
import { expect, serviceWith, test } from './start-gateway.ts';

const unsigned = { verifySignatures: false };
const target = { 'x-amz-target': 'Logs_20140328.PutLogEvents', 'content-type': 'application/x-amz-json-1.1' };
const identity = { Account: '1', Arn: 'arn:aws:iam::1:user/a', UserId: 'A' };

/** Writes raw bytes and collects what comes back until the gateway closes, or `enough` is satisfied. */
async function converse(port: number, sent: readonly string[], enough: (answer: string) => boolean): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (const part of sent) socket.write(part);
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (enough(answer)) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

/** Something to wait for and to let happen. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  const doors = new EventEmitter();
  return { opened: once(doors, 'open').then(() => undefined), open: () => void doors.emit('open') };
}

test('a body larger than the limit is refused with 413', async ({ startGateway }) => {
  const service = serviceWith(logsModel, { PutLogEvents: () => ({}) });
  const gateway = await startGateway([service], { ...unsigned, bodyLimit: 1000 });
  const response = await fetch(gateway.endpoint, { method: 'POST', headers: target, body: 'x'.repeat(1001) });
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ __type: 'RequestEntityTooLargeException' });
  expect(gateway.trace.calls()).toMatchObject([{ status: 413, errorCode: 'RequestEntityTooLargeException' }]);
});

test('a chunked body is refused once it outgrows the limit', async ({ startGateway }) => {
  const gateway = await startGateway([serviceWith(logsModel, {})], { ...unsigned, bodyLimit: 1000 });
  const head = `POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: ${target['x-amz-target']}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunk = `200\r\n${'x'.repeat(512)}\r\n`;
  const answer = await converse(gateway.port, [head, chunk, chunk], (answer) => answer.includes('\r\n\r\n'));
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test('a chunked body below the limit is put together', async ({ startGateway }) => {
  const service = serviceWith(stsModel, { GetCallerIdentity: () => identity });
  const gateway = await startGateway([service], unsigned);
  const form = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n';
  const answer = await converse(
    gateway.port,
    [form, 'Transfer-Encoding: chunked\r\n\r\n', '10\r\nAction=GetCaller\r\n', '8\r\nIdentity\r\n', '0\r\n\r\n'],
    (answer) => answer.includes('</GetCallerIdentityResponse>'),
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toContain('<Account>1</Account>');
});

test('a client that expects 100-continue is told to continue', async ({ startGateway }) => {
  const service = serviceWith(stsModel, { GetCallerIdentity: () => identity });
  const gateway = await startGateway([service], unsigned);
  const request = httpRequest(gateway.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', expect: '100-continue' },
  });
  request.flushHeaders();
  await once(request, 'continue');
  request.end('Action=GetCallerIdentity&Version=2011-06-15');
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  expect(await text(response)).toContain('<Account>1</Account>');
});

test('a client that expects 100-continue for too large a body is refused instead', async ({ startGateway }) => {
  const gateway = await startGateway([serviceWith(logsModel, {})], { ...unsigned, bodyLimit: 1000 });
  const head = `POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: ${target['x-amz-target']}\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n`;
  const answer = await converse(gateway.port, [head], (answer) => answer.includes('\r\n\r\n'));
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test('a client that leaves in the middle of its body is traced, and the gateway goes on', async ({ startGateway }) => {
  const service = serviceWith(stsModel, { GetCallerIdentity: () => identity });
  const gateway = await startGateway([service], unsigned);
  const socket = connect(gateway.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\nAct',
  );
  socket.destroySoon();
  await expect.poll(() => gateway.trace.calls()).toMatchObject([{ status: 0, errorCode: 'ClientAborted' }]);
  const response = await fetch(`${gateway.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15`);
  expect(response.status).toBe(200);
});

test('a client that leaves before the answer does no harm', async ({ startGateway }) => {
  const entered = gate();
  const release = gate();
  const service = serviceWith(stsModel, {
    async GetCallerIdentity() {
      entered.open();
      await release.opened;
      return identity;
    },
  });
  const gateway = await startGateway([service], unsigned);
  const leaving = new AbortController();
  const url = `${gateway.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15`;
  const abandoned = fetch(url, { signal: leaving.signal });
  await entered.opened;
  leaving.abort();
  await expect(abandoned).rejects.toThrow(/abort/);
  release.open();
  expect((await fetch(url)).status).toBe(200);
});

test('connections are kept alive and shared by requests', async ({ startGateway }) => {
  const gateway = await startGateway([serviceWith(stsModel, { GetCallerIdentity: () => identity })], unsigned);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<Socket>();
  for (let round = 0; round < 3; round++) {
    const request = httpRequest(`${gateway.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15`, { agent });
    request.on('socket', (socket) => sockets.add(socket));
    request.end();
    const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
    expect(await text(response)).toContain('<Account>1</Account>');
  }
  expect(sockets.size).toBe(1);
  agent.destroy();
});

test('closing ends idle connections and those in the middle of a request', async ({ startGateway }) => {
  const entered = gate();
  const service = serviceWith(stsModel, {
    GetCallerIdentity() {
      entered.open();
      return new Promise(() => {});
    },
  });
  const gateway = await startGateway([service], unsigned);
  const idle = connect(gateway.port, '127.0.0.1');
  await once(idle, 'connect');
  const hanging = fetch(`${gateway.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15`);
  await entered.opened;
  const idleClosed = once(idle, 'close');
  await Promise.all([gateway.close(), idleClosed, expect(hanging).rejects.toThrow('fetch failed')]);
  await gateway.close();
  await expect(fetch(gateway.endpoint)).rejects.toThrow('fetch failed');
});

const uploads = serviceWith(s3Model, {
  async PutObject(_state, { Body }: { Body: Buffer | Readable }) {
    return { ETag: `"${Buffer.isBuffer(Body) ? Body.toString() : await text(Body)}"` };
  },
});

/** Too long to be collected, so that the operation gets a stream. */
const long = 2 * 1024 * 1024;

test('an upload reaches its operation', async ({ startGateway }) => {
  const gateway = await startGateway([uploads]);
  const client = new S3Client({ endpoint: gateway.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  const command = new PutObjectCommand({ Bucket: 'b-b', Key: 'k', Body: 'the content' });
  expect(await client.send(command)).toMatchObject({ ETag: '"the content"' });
  client.destroy();
});

test('a streamed upload that is not what was signed fails at its end', async ({ startGateway }) => {
  const gateway = await startGateway([uploads]);
  const upload: WireRequest = { method: 'PUT', path: '/b-b/k', query: {}, headers: {}, body: 'one' };
  const signed = await signInHeader(upload, { ...credentials, service: 's3' }, new URL(gateway.endpoint).host);
  expect(await send(gateway.endpoint, signed)).toMatchObject({ status: 200, headers: { etag: '"one"' } });
  expect(await send(gateway.endpoint, { ...signed, body: 'two' })).toMatchObject({
    status: 400,
    code: 'XAmzContentSHA256Mismatch',
  });
});

for (const [kind, length] of [
  ['a short upload', 99],
  ['a streamed upload', long],
] as const) {
  test(`${kind} of which nothing comes any more is given up after twenty seconds`, async ({ startGateway }) => {
    const clock = manualClock();
    const gateway = await startGateway([uploads], { ...unsigned, clock });
    const socket = connect(gateway.port, '127.0.0.1');
    const answer = text(socket);
    socket.write(`PUT /b-b/k HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n\r\nAct`);
    await expect
      .poll(() => {
        clock.advance(5_000);
        return gateway.trace.calls();
      })
      .toMatchObject([{ operation: 'PutObject', status: 400, errorCode: 'RequestTimeout' }]);
    socket.end();
    expect(await answer).toContain('<Code>RequestTimeout</Code>');
  });
}

test('a client that leaves in the middle of a streamed upload is traced', async ({ startGateway }) => {
  const gateway = await startGateway([uploads], unsigned);
  const socket = connect(gateway.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('PUT /b-b/k HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\nAct');
  socket.destroySoon();
  await expect
    .poll(() => gateway.trace.calls())
    .toMatchObject([{ operation: 'PutObject', status: 0, errorCode: 'ClientAborted' }]);
});

/** How each way to read a stream takes one that breaks off; all must tell it from an end. */
const readers: Record<string, (body: Readable) => Promise<unknown>> = {
  'for await': (body) => body.toArray(),
  'a pipeline': (body) => pipeline(body, new PassThrough().resume()),
  'finished, after the client has left': async (body) => {
    if (!body.destroyed) await once(body, 'close').catch(() => undefined);
    await finished(body);
  },
};

for (const [title, readBody] of Object.entries(readers)) {
  for (const chunked of [false, true]) {
    const kind = chunked ? 'an aws-chunked' : 'a plain';
    test(`${kind} body that breaks off is an error to ${title}`, async ({ startGateway }) => {
      const outcome = new EventEmitter();
      const service = serviceWith(s3Model, {
        async PutObject(_state, { Body }: { Body: Readable }) {
          try {
            await readBody(Body);
            outcome.emit('done', 'ended');
          } catch (error) {
            outcome.emit('done', String(error));
            throw error;
          }
          return {};
        },
      });
      const gateway = await startGateway([service], unsigned);
      const done = once(outcome, 'done');
      const socket = connect(gateway.port, '127.0.0.1');
      await once(socket, 'connect');
      const head = `PUT /b-b/k HTTP/1.1\r\nHost: h\r\nContent-Length: ${long}\r\n`;
      const streaming = `x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\nx-amz-decoded-content-length: ${long - 100}\r\n`;
      socket.write(`${head}${chunked ? streaming : ''}\r\n${chunked ? '100000\r\n' : ''}the beginning`);
      socket.destroySoon();
      expect(await done).not.toContain('ended');
      await expect
        .poll(() => gateway.trace.calls())
        .toMatchObject([{ operation: 'PutObject', status: 0, errorCode: 'ClientAborted' }]);
    });
  }
}

test('an operation that refuses a long upload half-way is heard, and the client is not reset', async ({
  startGateway,
}) => {
  const service = serviceWith(s3Model, {
    async PutObject(_state, { Body }: { Body: Readable }) {
      for await (const _ of Body) throw new AwsError('EntityTooLarge', 'Too large.', { statusCode: 400 });
      return {};
    },
  });
  const gateway = await startGateway([service], unsigned);
  const size = 64 * 1024 * 1024;
  // A client that reads the answer only after it has sent everything, as Python's do.
  const socket = connect(gateway.port, '127.0.0.1').pause();
  await once(socket, 'connect');
  socket.write(`PUT /b-b/k HTTP/1.1\r\nHost: h\r\nContent-Length: ${size}\r\n\r\n`);
  const piece = Buffer.alloc(1024 * 1024);
  for (let sent = 0; sent < size; sent += piece.length) {
    await new Promise<void>((resolve, reject) => {
      socket.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  }
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toMatch(/^connection: close\r$/im);
  expect(answer).toContain('<Code>EntityTooLarge</Code>');
});

test('a connection lives on after a refusal that left a short body unread', async ({ startGateway }) => {
  const gateway = await startGateway([uploads]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<Socket>();
  for (let round = 0; round < 2; round++) {
    const request = httpRequest(new URL('/b-b/k', gateway.endpoint), { method: 'PUT', agent });
    request.on('socket', (socket) => sockets.add(socket));
    request.end('x'.repeat(200_000));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(403);
    expect(await text(response)).toContain('<Code>AccessDenied</Code>');
  }
  expect(sockets.size).toBe(1);
  agent.destroy();
});

test('a connection lives on after an operation that did not read its long body', async ({ startGateway }) => {
  const gateway = await startGateway([serviceWith(s3Model, { PutObject: () => ({ ETag: '"a"' }) })], unsigned);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let round = 0; round < 2; round++) {
    const request = httpRequest(new URL('/b-b/k', gateway.endpoint), { method: 'PUT', agent });
    request.end(Buffer.alloc(long));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    await text(response);
  }
  agent.destroy();
});

test('S3 wants the length of an upload, and no chunks of HTTP itself', async ({ startGateway }) => {
  const gateway = await startGateway([uploads], unsigned);
  const send = (head: string, body = ''): Promise<string> =>
    converse(gateway.port, [`PUT /b-b/k HTTP/1.1\r\nHost: h\r\n${head}\r\n${body}`], (answer) =>
      answer.includes('</Error>'),
    );
  const none = await send('');
  expect(none).toMatch(/^HTTP\/1\.1 411 /);
  expect(none).toContain('<Code>MissingContentLength</Code>');
  const chunks = await send('Transfer-Encoding: chunked\r\n', '1\r\nx\r\n0\r\n\r\n');
  expect(chunks).toMatch(/^HTTP\/1\.1 501 /);
  expect(chunks).toContain('<Header>Transfer-Encoding</Header>');
});

test('an answer that is a stream arrives whole', async ({ startGateway }) => {
  const content = 'x'.repeat(1_000_000);
  const service = serviceWith(s3Model, {
    GetObject: () => ({ Body: Buffer.from(content), ContentType: 'text/plain' }),
  });
  const gateway = await startGateway([service]);
  const client = new S3Client({ endpoint: gateway.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'b-b', Key: 'k' }));
  expect((await Body?.transformToString())?.length).toBe(content.length);
  client.destroy();
});

test('whatever an operation throws becomes a 500 that names the request', async ({ startGateway }) => {
  const service = serviceWith(stsModel, {
    GetCallerIdentity() {
      throw new TypeError('a bug');
    },
  });
  const gateway = await startGateway([service]);
  const client = new STSClient({ endpoint: gateway.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const call = client.send(new GetCallerIdentityCommand({}));
  await expect(call).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
  await expect(call).rejects.toThrow(/failed inside GetCallerIdentity/);
  await expect(call).rejects.not.toThrow(/a bug/);
  client.destroy();
});
