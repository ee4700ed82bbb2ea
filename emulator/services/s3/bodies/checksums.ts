import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createCRC32, createCRC64, type IHasher } from 'hash-wasm';
import { invalidRequest, notImplemented } from '../errors.ts';

/** The checksums that S3 verifies, stores and returns. */
export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** Those that S3 added in 2026: the SDKs know them, and nothing here computes them. */
const laterAlgorithms: readonly string[] = ['SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128'];

/**
 * An algorithm that a request names, in any case.
 *
 * @throws AwsError NotImplemented for those that S3 has and this does not; InvalidRequest for what is none
 */
export function namedAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = checksumAlgorithms.find((known) => known === name.toUpperCase());
  if (algorithm) return algorithm;
  if (laterAlgorithms.includes(name.toUpperCase())) throw notImplemented(`${name} checksums`);
  throw invalidRequest(
    `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${checksumAlgorithms.join(', ')}]`,
  );
}

/** The headers of checksums that nothing here computes; to take them unread would be to say that they match. */
export const unverifiableHeaders: readonly string[] = laterAlgorithms.map(
  (name) => `x-amz-checksum-${name.toLowerCase()}`,
);

/** How many bytes each has. */
export const checksumSizes: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/** A checksum in the making. */
export interface RunningChecksum {
  update(chunk: Uint8Array): void;
  /** Ends it; asked for once. */
  digest(): Buffer;
}

/** Begins a checksum. */
export async function startChecksum(algorithm: ChecksumAlgorithm): Promise<RunningChecksum> {
  return starters[algorithm]();
}

/** The checksum of a whole that is there. */
export async function checksumOf(algorithm: ChecksumAlgorithm, data: Uint8Array): Promise<Buffer> {
  const checksum = await startChecksum(algorithm);
  checksum.update(data);
  return checksum.digest();
}

/**
 * The CRC of two pieces, one behind the other, out of the CRCs of each: how S3 knows the full-object checksum
 * of a multipart upload without reading it again.
 *
 * @param secondSize bytes of the second piece
 */
export function combineChecksums(
  algorithm: 'CRC32' | 'CRC32C' | 'CRC64NVME',
  first: Buffer,
  second: Buffer,
  secondSize: number,
): Buffer {
  // Behind n bytes, the first CRC has gone on as if they were zeros: multiplied by x^8n, modulo the polynomial.
  const { polynomial, bits } = polynomials[algorithm];
  const shifted = multiply(fromBytes(first), shiftOf(algorithm, secondSize), polynomial, bits);
  return toBytes(shifted ^ fromBytes(second), bits);
}

const starters: Readonly<Record<ChecksumAlgorithm, () => RunningChecksum | Promise<RunningChecksum>>> = {
  CRC32: startCrc32,
  CRC32C: () => startHasher(idleHashers.CRC32C, () => createCRC32(0x82f63b78)),
  CRC64NVME: () => startHasher(idleHashers.CRC64NVME, () => createCRC64('9a6c9329ac4bc9b5')),
  SHA1: () => createHash('sha1'),
  SHA256: () => createHash('sha256'),
};

const idleHashers: Readonly<Record<'CRC32C' | 'CRC64NVME', IHasher[]>> = { CRC32C: [], CRC64NVME: [] };

function startCrc32(): RunningChecksum {
  let value = 0;
  return {
    update(chunk) {
      value = crc32(chunk, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}

/** Making a hasher takes longer than a small body's checksum; so they are used again. */
async function startHasher(idle: IHasher[], make: () => Promise<IHasher>): Promise<RunningChecksum> {
  const hasher = idle.pop() ?? (await make());
  hasher.init();
  return {
    update: (chunk) => void hasher.update(chunk),
    digest() {
      const bytes = Buffer.from(hasher.digest('binary'));
      idle.push(hasher);
      return bytes;
    },
  };
}

/** Bit-reversed, as all three are computed: the highest bit is the coefficient of x^0. */
const polynomials = {
  CRC32: { polynomial: 0xedb88320n, bits: 32n },
  CRC32C: { polynomial: 0x82f63b78n, bits: 32n },
  CRC64NVME: { polynomial: 0x9a6c9329ac4bc9b5n, bits: 64n },
} as const;

/** Nearly all parts of an upload have the same size, so that the power is computed once, not ten thousand times. */
function shiftOf(algorithm: keyof typeof polynomials, size: number): bigint {
  const known = lastShift.get(algorithm);
  if (known?.size === size) return known.power;
  const { polynomial, bits } = polynomials[algorithm];
  const power = powerOfX(size * 8, polynomial, bits);
  lastShift.set(algorithm, { size, power });
  return power;
}

const lastShift = new Map<keyof typeof polynomials, { readonly size: number; readonly power: bigint }>();

function powerOfX(exponent: number, polynomial: bigint, bits: bigint): bigint {
  let power = 1n << (bits - 1n);
  let square = 1n << (bits - 2n);
  for (let rest = BigInt(exponent); rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = multiply(power, square, polynomial, bits);
    square = multiply(square, square, polynomial, bits);
  }
  return power;
}

function multiply(a: bigint, b: bigint, polynomial: bigint, bits: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 1n << (bits - 1n); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}

function fromBytes(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function toBytes(value: bigint, bits: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(Number(bits) / 4, '0'), 'hex');
}
