import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from '@playwright/test';
import { createBodyStore, digestBody, type BodyStore } from './body-store.ts';

const MiB = 1024 * 1024;
const anySize = 10 * MiB;

let runId: string;
let store: BodyStore;
test.beforeEach(() => {
  runId = `test-${randomBytes(6).toString('hex')}`;
  store = createBodyStore({ runId });
});
test.afterEach(() => store.clear());

test('a small body stays in memory', async () => {
  const { body, md5, checksums } = await store.receive(Buffer.from('hello'), ['CRC32', 'SHA1'], anySize);
  expect(body.size).toBe(5);
  expect(body.read()).toEqual(Buffer.from('hello'));
  expect(body.read(1, 3)).toEqual(Buffer.from('el'));
  expect(md5.toString('hex')).toBe('5d41402abc4b2a76b9719d911017c592');
  expect(checksums.get('CRC32')?.toString('hex')).toBe('3610a686');
  expect(checksums.get('SHA1')?.toString('hex')).toBe('aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d');
  expect(folders()).toEqual([]);
});

for (const [kind, sourceOf] of [
  ['a stream', streamOf],
  ['a Buffer', (content: Buffer) => content],
] as const) {
  test(`a large body from ${kind} goes to a file that only the owner can read, and comes back in ranges`, async () => {
    const content = randomBytes(3 * MiB + 17);
    const { body, md5, checksums } = await store.receive(sourceOf(content), ['CRC64NVME', 'SHA256'], anySize);
    expect(body.size).toBe(content.length);
    expect(md5).toEqual(createHash('md5').update(content).digest());
    expect(checksums.get('SHA256')).toEqual(createHash('sha256').update(content).digest());
    expect((await bytesOf(body.read())).equals(content)).toBe(true);
    expect(await bytesOf(body.read(MiB - 1, MiB + 2))).toEqual(content.subarray(MiB - 1, MiB + 2));
    expect((await digestBody(body, ['CRC64NVME'])).checksums.get('CRC64NVME')).toEqual(checksums.get('CRC64NVME'));
    const [folder = ''] = folders();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).map((name) => statSync(path.join(folder, name)).mode & 0o777)).toEqual([0o600]);
  });
}

test('the last release removes the file, and a stream asked for before that still delivers it', async () => {
  const content = randomBytes(2 * MiB);
  const { body } = await store.receive(streamOf(content), [], anySize);
  body.retain();
  body.release();
  expect(files()).toHaveLength(1);
  const read = body.read();
  body.release();
  expect(files()).toEqual([]);
  expect((await bytesOf(read)).equals(content)).toBe(true);
});

test('a body that is too long, or whose source fails, leaves nothing', async () => {
  await expect(store.receive(streamOf(randomBytes(3 * MiB)), [], 2 * MiB)).rejects.toMatchObject({
    code: 'EntityTooLarge',
  });
  await expect(store.receive(Buffer.alloc(11), [], 10)).rejects.toMatchObject({ code: 'EntityTooLarge' });
  const failing = Readable.from(
    (async function* () {
      for (let i = 0; i < 30; i++) yield randomBytes(100_000);
      throw new Error('gone');
    })(),
    { objectMode: false },
  );
  await expect(store.receive(failing, [], anySize)).rejects.toThrow('gone');
  expect(files()).toEqual([]);
});

test('a source that is too long is left standing, so that its sender can be answered', async () => {
  const source = streamOf(randomBytes(3 * MiB));
  await expect(store.receive(source, [], 1000)).rejects.toMatchObject({ code: 'EntityTooLarge' });
  expect(source.destroyed).toBe(false);
  source.destroy();
});

test('a composed body reads as one, and keeps its parts as long as it is held', async () => {
  const contents = [randomBytes(2 * MiB), Buffer.from('in memory'), randomBytes(MiB + 1), Buffer.from('end')];
  const parts = await Promise.all(contents.map((content) => store.receive(streamOf(content), [], anySize)));
  const whole = Buffer.concat(contents);
  const body = store.compose(parts.map((part) => part.body));
  for (const part of parts) part.body.release();
  expect(body.size).toBe(whole.length);
  expect((await bytesOf(body.read())).equals(whole)).toBe(true);
  for (const [start, end] of [
    [0, 10],
    [2 * MiB - 5, 2 * MiB + 20],
    [2 * MiB + 2, 2 * MiB + 5],
    [2 * MiB, whole.length],
    [whole.length - 5, whole.length],
    [7, 7],
  ] as const) {
    const range = await bytesOf(body.read(start, end));
    expect(range.equals(whole.subarray(start, end)), `${start} to ${end}`).toBe(true);
  }
  const read = body.read();
  body.release();
  expect((await bytesOf(read)).equals(whole), 'a read begun before the release').toBe(true);
  await expect.poll(files).toEqual([]);
});

test('a clear removes the folder, and another one is made when it is needed', async () => {
  const { body } = await store.receive(streamOf(randomBytes(2 * MiB)), [], anySize);
  const before = folders();
  await store.clear();
  expect(folders()).toEqual([]);
  const again = await store.receive(streamOf(randomBytes(2 * MiB)), [], anySize);
  expect(folders()).not.toEqual(before);
  body.release();
  expect(await bytesOf(again.body.read())).toHaveLength(2 * MiB);
});

test('the folder goes also when its process is killed', async () => {
  const script = `
    import { createBodyStore } from '${new URL('body-store.ts', import.meta.url).href}';
    await createBodyStore({ runId: '${runId}' }).receive(Buffer.alloc(2_000_000), [], 3_000_000);
    console.log('stored');
    setInterval(() => {}, 1000);
  `;
  const killed = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(killed.stdout, 'data');
    expect(files()).toHaveLength(1);
  } finally {
    killed.kill('SIGKILL');
  }
  await expect.poll(folders).toEqual([]);
});

function folders(): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(`cloud-testbed-s3-${runId}-`))
    .map((name) => path.join(tmpdir(), name));
}

function files(): string[] {
  return folders()
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder));
}

function streamOf(content: Buffer): Readable {
  const pieces = Array.from({ length: Math.ceil(content.length / 65_536) }, (_, i) =>
    content.subarray(i * 65_536, (i + 1) * 65_536),
  );
  return Readable.from(pieces, { objectMode: false });
}

async function bytesOf(content: Buffer | Readable): Promise<Buffer> {
  if (Buffer.isBuffer(content)) return content;
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
