import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { invalidArgument } from '../errors.ts';
import type { BucketRecord } from '../state.ts';

/** The id of versions made while a bucket is not versioned. */
export const nullVersion = 'null';

/** The id that the next version of an object in a bucket gets. */
export function nextVersionId({ versioning }: Pick<BucketRecord, 'versioning'>): string {
  if (versioning !== 'Enabled') return nullVersion;
  made += 1;
  const number = Buffer.alloc(6);
  number.writeUIntBE(made, 0, 6);
  const random = randomBytes(14);
  const content = Buffer.concat([hidden(number, random), random]);
  return encode(Buffer.concat([content, checkOf(content)]));
}

/**
 * Tells which of two versions was made first, also of deleted ones: listings go on behind a version that is
 * gone.
 *
 * @returns greater for younger versions; undefined for the id `null` and for what is no id
 */
export function ageRank(versionId: string): number | undefined {
  if (!isVersionId(versionId)) return undefined;
  const bytes = decode(versionId);
  return hidden(bytes.subarray(0, 6), bytes.subarray(6, 20)).readUIntBE(0, 6);
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

/** How many ids there have been. */
let made = 0;

/** Ids are opaque on AWS: nobody shall take their number for something to rely on. */
function hidden(number: Buffer, random: Buffer): Buffer {
  const mask = createHash('sha256').update(random).digest();
  return Buffer.from(number.map((byte, index) => byte ^ (mask[index] ?? 0)));
}

function decode(versionId: string): Buffer {
  return Buffer.from(versionId.replaceAll('.', '+').replaceAll('_', '/'), 'base64');
}

function isVersionId(text: string): boolean {
  const bytes = decode(text);
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
