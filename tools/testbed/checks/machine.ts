import { statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import type { Finding } from './check.ts';

const GiB = 2 ** 30;

/** The first release of Node that the project runs on. */
const oldestNode = [20, 19] as const;

/** Bytes below which a run goes wrong, and below which it may; servers in containers want more. */
const memoryWanted = { local: { least: 0.25 * GiB, good: 1 * GiB }, localstack: { least: 0.75 * GiB, good: 2 * GiB } };
const diskWanted = { least: 0.5 * GiB, good: 3 * GiB };

export function checkNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  const isOldEnough = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const found = `Node ${version}`;
  return isOldEnough
    ? { name: 'node', status: 'ok', found }
    : { name: 'node', status: 'missing', found, remedy: `install Node ${oldestNode.join('.')} or newer` };
}

/**
 * @param free bytes that could be had now
 * @param limit what a control group allows this process, where one does
 */
export function checkMemory(
  inContainers: boolean,
  free: number = freemem(),
  limit: number | undefined = process.constrainedMemory(),
): Finding {
  // Node says 0, or a number beyond all memory, where nothing limits it.
  const available = limit !== undefined && limit > 0 ? Math.min(free, limit) : free;
  return compare('memory', available, memoryWanted[inContainers ? 'localstack' : 'local'], {
    place: 'of memory free',
    remedy: 'end other programs, or run fewer workers: `testbed test -- --workers=1`',
  });
}

/** @param folder where temporary files go; Docker's own disk may be another */
export async function checkDisk(folder: string = tmpdir()): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  return compare('disk', bavail * bsize, diskWanted, {
    place: `free below ${folder}`,
    remedy: '`testbed clean` and `docker system prune` free what is not used; TMPDIR names another folder',
  });
}

function compare(
  name: string,
  available: number,
  { least, good }: { readonly least: number; readonly good: number },
  { place, remedy }: { readonly place: string; readonly remedy: string },
): Finding {
  const found = `${size(available)} ${place}`;
  if (available >= good) return { name, status: 'ok', found };
  if (available >= least) {
    return { name, status: 'warning', found, remedy: `${size(good)} are better: ${remedy}` };
  }
  return { name, status: 'missing', found, remedy: `${size(least)} is the least: ${remedy}` };
}

function size(bytes: number): string {
  return `${(bytes / GiB).toFixed(2).replace(/\.?0+$/, '')} GiB`;
}
