import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { invalidArgument } from '../errors.ts';
import type { BucketRecord } from '../state.ts';

/** The id of versions made while a bucket is not versioned. */
export const nullVersion = 'null';

/** The id that the next version of an object in a bucket gets. */
export function nextVersionId({ versioning }: Pick<BucketRecord, 'versioning'>): string {
  if (versioning !== 'Enabled') return nullVersion;
  const random = randomBytes(20);
  return encode(Buffer.concat([random, checkOf(random)]));
}

/**
 * Refuses what can never have been the id of a version: S3's ids prove themselves, so that an unknown one is
 * told from a made-up one.
 *
 * @throws AwsError InvalidArgument
 */
export function checkVersionId(versionId: string | undefined): void {
  if (versionId === undefined || versionId === nullVersion || isVersionId(versionId)) return;
  if (versionId === '') throw invalidArgument('versionId', '', 'Version id cannot be the empty string');
  throw invalidArgument('versionId', versionId, 'Invalid version id specified');
}

function isVersionId(text: string): boolean {
  const bytes = Buffer.from(text.replaceAll('.', '+').replaceAll('_', '/'), 'base64');
  return bytes.length === 24 && encode(bytes) === text && checkOf(bytes.subarray(0, 20)).equals(bytes.subarray(20));
}

/** 32 characters, as S3's have. */
function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '.').replaceAll('/', '_');
}

function checkOf(random: Buffer): Buffer {
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(random));
  return check;
}
