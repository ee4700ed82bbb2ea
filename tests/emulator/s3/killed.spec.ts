import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, test } from './lone-emulator-test.ts';

test('clients that are killed in the middle of puts leave whole objects', async ({ emulator, connection, bucket }) => {
  const client = new S3Client({ ...connection, requestChecksumCalculation: 'WHEN_REQUIRED' });
  const objects = ['one', 'two'].map((Key) => ({ Bucket: bucket, Key }));
  const urls: string[] = [];
  for (const object of objects) {
    await client.send(new PutObjectCommand({ ...object, Body: contentOf(1, 0) }));
    urls.push(await getSignedUrl(client, new PutObjectCommand(object)));
  }
  let number = 0;
  for (let round = 0; round < 6; round += 1) {
    await Promise.all([1, 2, 3, 4].map(() => putUntilKilled(urls, (number += 1), bucket)));
    for (const object of objects) {
      const { Body, ETag } = await client.send(new GetObjectCommand(object));
      const content = Buffer.from((await Body?.transformToByteArray()) ?? []);
      expect(describe(content), `${object.Key} after round ${round}`).toMatch(/^version \d+ of client \d+, whole$/);
      expect(ETag).toBe(`"${createHash('md5').update(content).digest('hex')}"`);
    }
  }
  client.destroy();
  const aborted = (): number =>
    emulator.trace.calls({ testId: bucket }).filter(({ errorCode }) => errorCode === 'ClientAborted').length;
  // Else nothing was tested: each of the 24 was in the middle of a put.
  await expect.poll(aborted, { message: 'puts that were cut off', timeout: 10_000 }).toBe(24);
});

test('an emulator that is killed in the middle of a put leaves no folder', async ({ lone }) => {
  const { s3, settings, temporaryFolder } = lone;
  await s3.send(new CreateBucketCommand({ Bucket: 'killed' }));
  await s3.send(new PutObjectCommand({ Bucket: 'killed', Key: 'whole', Body: contentOf(1, 1) }));
  const presigning = new S3Client({ ...settings, requestChecksumCalculation: 'WHEN_REQUIRED' });
  const url = await getSignedUrl(presigning, new PutObjectCommand({ Bucket: 'killed', Key: 'half' }));
  presigning.destroy();
  const putting = request(url, { method: 'PUT', agent: false, headers: { 'content-length': 8_000_000 } });
  putting.on('error', () => {});
  putting.write(Buffer.alloc(4_000_000));

  const folders = async (): Promise<string[]> =>
    (await readdir(temporaryFolder)).filter((name) => name.startsWith('cloud-testbed-'));
  const files = async (): Promise<string[]> => {
    const [folder = ''] = await folders();
    return readdir(path.join(temporaryFolder, folder));
  };
  await expect.poll(files, { message: 'the whole body and half of the other', timeout: 10_000 }).toHaveLength(2);
  lone.process.signal('SIGKILL');
  await lone.process.ended;
  await expect.poll(folders, { message: 'what is left of the emulator', timeout: 20_000 }).toEqual([]);
  putting.destroy();
});

/** Bytes of a block, which says whose it is. */
const blockSize = 32;

/** Blocks of a version; their number tells where one was cut, or two were mixed. */
const blocksOf = (version: number): number => 65_536 + (version % 5) * 10_000;

function contentOf(client: number, version: number): Buffer {
  return Buffer.alloc(blocksOf(version) * blockSize, `client ${client} version ${version}`.padEnd(blockSize));
}

function describe(content: Buffer): string {
  const [, client, version] = /^client (\d+) version (\d+) /.exec(content.toString('latin1', 0, blockSize)) ?? [];
  if (client === undefined || version === undefined) return `${content.length} bytes of unknown origin`;
  const whole = content.equals(contentOf(Number(client), Number(version)));
  return `version ${version} of client ${client}, ${whole ? 'whole' : `torn (${content.length} bytes)`}`;
}

/**
 * What `contentOf` makes, put under all keys in turns, by a program that starts in no time. After so many puts and
 * so many bytes of the next it says so and goes no further.
 */
const script = `
  import { once } from 'node:events';
  import { request } from 'node:http';
  const [client, testId, wholePuts, share, ...urls] = process.argv.slice(1);
  for (let version = 0; ; version += 1) {
    const size = (65_536 + (version % 5) * 10_000) * 32;
    const content = Buffer.alloc(size, ('client ' + client + ' version ' + version).padEnd(32));
    const headers = { 'content-length': size, 'x-testbed-test-id': testId };
    const put = request(urls[version % urls.length], { method: 'PUT', headers });
    const answered = once(put, 'response');
    const cut = version === Number(wholePuts) ? Math.floor(size * Number(share)) : size;
    for (let sent = 0; sent < cut; sent += 65_536) {
      await new Promise((taken) => put.write(content.subarray(sent, Math.min(sent + 65_536, cut)), taken));
    }
    if (cut < size) {
      console.log('cut');
      await new Promise((never) => setTimeout(never, 60_000));
    }
    put.end();
    const [answer] = await answered;
    if (answer.statusCode !== 200) process.exit(1);
    await once(answer.resume(), 'end');
  }
`;

/**
 * Kills the client after none to two whole puts, at a place in the next that is another for each.
 *
 * @param client 1 to 24
 * @param testId marks its calls in the trace
 */
async function putUntilKilled(urls: readonly string[], client: number, testId: string): Promise<void> {
  const place = [client, testId, client % 3, client / 25].map(String);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, '--', ...place, ...urls], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  await Promise.race([once(child.stdout, 'data'), ended]);
  child.kill('SIGKILL');
  const [code, signal] = await ended;
  expect({ code, signal }, 'how the client ended').toEqual({ code: null, signal: 'SIGKILL' });
}
