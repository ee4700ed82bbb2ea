import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from './lone-emulator-test.ts';

/** Bytes. */
const size = 200 * 1000 * 1000;
const growthLimit = 64 * 1000 * 1000;

test('200 MB that stream in and out grow the memory by less than 64 MB', async ({ lone: { s3, process: child } }) => {
  // oxlint-disable-next-line playwright/no-skipped-test -- there is nothing to look at without it
  test.skip(!existsSync('/proc/self/clear_refs'), 'needs /proc to see what a process held at most: run it on Linux');
  const object = { Bucket: 'streams', Key: 'large' };
  await s3.send(new CreateBucketCommand({ Bucket: object.Bucket }));
  const before = memoryOf(child.pid, 'VmRSS');
  // The peak from here on, not the one of the start (proc(5), clear_refs).
  writeFileSync(`/proc/${child.pid}/clear_refs`, '5');

  const sent = createHash('sha256');
  const { ETag, ChecksumCRC32 } = await s3.send(
    new PutObjectCommand({ ...object, Body: Readable.from(pieces(sent)), ContentLength: size }),
  );
  expect(ChecksumCRC32).toMatch(/^[\w+/]{6}==$/);
  const got = await s3.send(new GetObjectCommand(object));
  expect(got).toMatchObject({ ETag, ContentLength: size });
  const received = createHash('sha256');
  for await (const piece of got.Body as Readable) received.update(piece as Buffer);

  expect(received.digest('hex')).toBe(sent.digest('hex'));
  expect(memoryOf(child.pid, 'VmHWM') - before).toBeLessThan(growthLimit);
});

function* pieces(hash: ReturnType<typeof createHash>): Generator<Buffer> {
  const piece = randomBytes(200_000);
  for (let count = 0; count < size / piece.length; count += 1) {
    // No two pieces alike, so that none can stand in for another.
    piece.writeUInt32BE(count);
    hash.update(piece);
    yield Buffer.from(piece);
  }
}

/** Bytes. */
function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
  return Number(kilobytes) * 1024;
}
