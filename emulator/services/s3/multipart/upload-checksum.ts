import { checksumMember } from '../bodies/receive-request-body.ts';
import { checksumOf, combineChecksums, namedAlgorithm, type ChecksumAlgorithm } from '../bodies/checksums.ts';
import { invalidRequest } from '../errors.ts';
import type { StoredChecksum } from '../objects/object-version.ts';
import type { UploadedPart, UploadRecord } from './upload-record.ts';

/** What S3 gives objects that come without a checksum of their own. */
const defaultAlgorithm: ChecksumAlgorithm = 'CRC64NVME';

/** The algorithm of which every part of an upload needs a checksum. */
export function algorithmOf({ checksum }: Pick<UploadRecord, 'checksum'>): ChecksumAlgorithm {
  return checksum?.algorithm ?? defaultAlgorithm;
}

/**
 * What an upload is begun with. SHA has no checksum of a whole out of those of its parts, CRC64NVME no
 * composite (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html).
 *
 * @throws AwsError InvalidRequest
 */
export function chosenChecksum(
  algorithmName: string | undefined,
  type: 'FULL_OBJECT' | 'COMPOSITE' | undefined,
): UploadRecord['checksum'] {
  if (algorithmName === undefined) {
    if (type === undefined) return undefined;
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  }
  const algorithm = namedAlgorithm(algorithmName);
  const chosen = type ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  if (!typesOf[algorithm].includes(chosen)) {
    throw invalidRequest(
      `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type: chosen };
}

const typesOf: Readonly<Record<ChecksumAlgorithm, readonly string[]>> = {
  CRC32: ['COMPOSITE', 'FULL_OBJECT'],
  CRC32C: ['COMPOSITE', 'FULL_OBJECT'],
  CRC64NVME: ['FULL_OBJECT'],
  SHA1: ['COMPOSITE'],
  SHA256: ['COMPOSITE'],
};

/** The checksum of an object out of those of its parts; no byte is read again. */
export async function objectChecksum(
  upload: Pick<UploadRecord, 'checksum'>,
  parts: readonly UploadedPart[],
): Promise<StoredChecksum> {
  const algorithm = algorithmOf(upload);
  const pieces = parts.map((part) => ({ size: part.body.size, checksum: partChecksum(part, algorithm) }));
  if ((upload.checksum?.type ?? 'FULL_OBJECT') === 'COMPOSITE') {
    const digest = await checksumOf(algorithm, Buffer.concat(pieces.map(({ checksum }) => checksum)));
    return { algorithm, type: 'COMPOSITE', value: `${digest.toString('base64')}-${parts.length}` };
  }
  if (algorithm === 'SHA1' || algorithm === 'SHA256') throw new Error(`${algorithm} has no full-object checksum.`);
  const whole = pieces.reduce((first, second) => ({
    size: first.size + second.size,
    checksum: combineChecksums(algorithm, first.checksum, second.checksum, second.size),
  }));
  return { algorithm, type: 'FULL_OBJECT', value: whole.checksum.toString('base64') };
}

/** @throws Error when the part was stored without it, which no part is */
export function partChecksum({ partNumber, checksums }: UploadedPart, algorithm: ChecksumAlgorithm): Buffer {
  const checksum = checksums.get(algorithm);
  if (!checksum) throw new Error(`Part ${partNumber} has no ${algorithm}.`);
  return checksum;
}

/** A checksum as a member of an operation's output. */
export function checksumOutput(algorithm: ChecksumAlgorithm, value: string): Record<string, string> {
  return { [checksumMember(algorithm)]: value };
}
