import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { CreateClusterCommand, ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Emulator } from '../../../emulator/index.ts';
import { selfSignedCertificate } from '../../../fixtures/test/self-signed-certificate.ts';
import { clientConfig, expect, test as base } from '../start-emulator.ts';

const own = ['ecs', 'logs'];

/** Two emulators: `behind` has every service; `front` has ECS and CloudWatch Logs, and passes on the rest. */
const test = base.extend<{ behind: Emulator; front: Emulator; s3: S3Client }>({
  behind: async ({ startAnother }, use) => use(await startAnother({ account: '222222222222' })),
  front: async ({ behind, startAnother }, use) =>
    use(await startAnother({ account: '111111111111', upstream: { endpoint: behind.endpoint, own } })),
  s3: async ({ front }, use) => {
    const client = new S3Client({ ...clientConfig(front), forcePathStyle: true });
    await use(client);
    client.destroy();
  },
});

test('a service that is not here is that of the server behind, whoever signs', async ({ behind, front }) => {
  const sts = new STSClient(clientConfig(front));
  const ecs = new ECSClient(clientConfig(front));
  try {
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('222222222222');
    const { cluster } = await ecs.send(new CreateClusterCommand({ clusterName: 'here' }));
    expect(cluster?.clusterArn).toContain(':111111111111:');
    expect(behind.trace.calls({ service: 'ecs' })).toEqual([]);
    expect(front.trace.calls({ service: 'sts' })).toMatchObject([{ status: 200, region: 'us-east-1' }]);
  } finally {
    sts.destroy();
    ecs.destroy();
  }
});

test('bodies of every size come through both ways as they are', async ({ s3 }) => {
  await s3.send(new CreateBucketCommand({ Bucket: 'behind' }));
  for (const size of [0, 1, 1024 * 1024, 5 * 1024 * 1024]) {
    const body = Buffer.alloc(size, 'through the gateway ');
    const object = { Bucket: 'behind', Key: `of ${size} bytes` };
    await s3.send(new PutObjectCommand({ ...object, Body: body }));
    const got = await s3.send(new GetObjectCommand(object));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(body), `${size} bytes`).toBe(true);
  }
});

test('a refusal of the server behind is passed on in its words', async ({ s3 }) => {
  await expect(s3.send(new GetObjectCommand({ Bucket: 'nobody-made-it', Key: 'x' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
    $metadata: { httpStatusCode: 404 },
  });
});

test('a server behind that nobody runs is named in the refusal', async ({ startAnother }) => {
  // Port 1 is reserved for a service that no machine of today runs.
  const front = await startAnother({ upstream: { endpoint: 'http://127.0.0.1:1', own } });
  const s3 = new S3Client({ ...clientConfig(front), forcePathStyle: true });
  const ecs = new ECSClient(clientConfig(front));
  try {
    await expect(s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'x' }))).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: 'The server behind the gateway, http://127.0.0.1:1, does not answer: ECONNREFUSED.',
    });
    await expect(ecs.send(new ListClustersCommand({}))).resolves.toMatchObject({ clusterArns: [] });
  } finally {
    s3.destroy();
    ecs.destroy();
  }
});

test('a server behind that has made its own certificate is trusted by that, and by nothing else', async ({
  startAnother,
}) => {
  const { certificate, key } = selfSignedCertificate('localhost');
  const server = createSecureServer({ cert: certificate, key }, (_request, response) => response.end('over TLS'));
  await new Promise<void>((resolve) => void server.listen(0, 'localhost', resolve));
  const endpoint = `https://localhost:${(server.address() as AddressInfo).port}`;
  const answerOf = async (upstream: { endpoint: string; own: string[]; ca?: string }): Promise<string> => {
    const front = await startAnother({ upstream });
    return (await fetch(`${front.endpoint}/bucket/key`)).text();
  };
  try {
    expect(await answerOf({ endpoint, own, ca: certificate })).toBe('over TLS');
    expect(await answerOf({ endpoint, own })).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('the head of an answer comes before its body does, which may end half-way', async ({ startAnother }) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n'));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const front = await startAnother({ upstream: { endpoint: `http://127.0.0.1:${port}`, own } });

    const answer = await fetch(`${front.endpoint}/bucket/key`, { signal: AbortSignal.timeout(10_000) });
    expect(answer.headers.get('content-length')).toBe('10');
    for (const socket of sockets) socket.end('half');
    await expect(answer.text()).rejects.toThrow('terminated');
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

test('a connection that the server behind has closed meanwhile is no error', async ({ startAnother }) => {
  const sockets: Socket[] = [];
  // It answers one request of each connection, and closes it when the next one comes.
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
      socket.once('data', () => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const front = await startAnother({ upstream: { endpoint, own } });
    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await fetch(`${front.endpoint}/bucket/key`)).status);
    expect(statuses).toEqual([404, 404, 404]);
    expect(sockets).toHaveLength(3);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});
