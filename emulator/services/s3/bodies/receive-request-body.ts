import { Readable } from 'node:stream';
import { declaredTrailers, trailersOf } from '../../../protocols/aws-chunked.ts';
import { malformedTrailer } from '../../../protocols/chunk-decoder.ts';
import { AwsError, type RequestContext } from '../../../service.ts';
import { invalidRequest, notImplemented } from '../errors.ts';
import type { S3State } from '../state.ts';
import type { ReceivedBody } from './body-store.ts';
import {
  checksumAlgorithms,
  checksumSizes,
  namedAlgorithm,
  unverifiableHeaders,
  type ChecksumAlgorithm,
} from './checksums.ts';

/** Bytes; what a single PutObject or UploadPart takes. */
export const maximumUpload = 5 * 1024 ** 3;

/** The members of an upload's input that say what its body is to be. */
export interface UploadInput {
  readonly Body?: unknown;
  readonly ContentMD5?: string | undefined;
  readonly ChecksumAlgorithm?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumCRC32C?: string | undefined;
  readonly ChecksumCRC64NVME?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
}

/** A body that came with a request and is what the request said. */
export interface VerifiedBody extends ReceivedBody {
  /** The algorithm of the checksum that came with it, in a header or behind the body. */
  readonly algorithm: ChecksumAlgorithm | undefined;
}

/**
 * Takes in the body of an upload and holds it against the digests that came with it
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html). What does not
 * match leaves nothing behind.
 *
 * @param algorithmsFor the checksums to compute, when the request brought that one; its own is always among them
 * @throws AwsError BadDigest, InvalidDigest, InvalidRequest, NotImplemented, MalformedTrailerError, EntityTooLarge
 */
export async function receiveRequestBody(
  state: S3State,
  input: UploadInput,
  { request }: Pick<RequestContext, 'request'>,
  algorithmsFor: (given: ChecksumAlgorithm | undefined) => readonly ChecksumAlgorithm[],
): Promise<VerifiedBody> {
  checkLength(request.headers);
  const md5 = contentMd5(input.ContentMD5 ?? request.headers['content-md5']);
  const claim = claimedChecksum(input, request.headers);
  const algorithms = new Set(algorithmsFor(claim?.algorithm));
  if (claim) algorithms.add(claim.algorithm);
  const source = input.Body instanceof Readable || Buffer.isBuffer(input.Body) ? input.Body : Buffer.alloc(0);
  const received = await state.bodies.receive(source, [...algorithms], maximumUpload);
  try {
    if (md5) verifyMd5(md5, received.md5);
    if (claim) verifyChecksum(claim, received, source);
  } catch (error) {
    received.body.release();
    throw error;
  }
  return { ...received, algorithm: claim?.algorithm };
}

/** The name of an operation's member for a checksum. */
export function checksumMember(algorithm: ChecksumAlgorithm): `Checksum${ChecksumAlgorithm}` {
  return `Checksum${algorithm}`;
}

/** @throws AwsError BadDigest */
export function verifyMd5(claimed: Buffer, calculated: Buffer): void {
  if (claimed.equals(calculated)) return;
  throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
    statusCode: 400,
    members: { ExpectedDigest: claimed.toString('base64'), CalculatedDigest: calculated.toString('base64') },
  });
}

interface ClaimedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Undefined when it comes behind the body. */
  readonly value: Buffer | undefined;
}

/**
 * The one checksum that a request brings or announces.
 *
 * @throws AwsError InvalidRequest; NotImplemented for algorithms that are not verified here
 */
export function claimedChecksum(
  input: UploadInput,
  headers: Readonly<Record<string, string>>,
): ClaimedChecksum | undefined {
  const unknown = unverifiableHeaders.find((name) => headers[name] !== undefined);
  if (unknown !== undefined) throw notImplemented(`checksums in ${unknown}`);
  const given = checksumAlgorithms.filter((algorithm) => input[checksumMember(algorithm)] !== undefined);
  const trailer = announcedChecksum(headers);
  if (given.length + (trailer ? 1 : 0) > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const algorithm = given[0] ?? trailer;
  if (input.ChecksumAlgorithm !== undefined) {
    const named = namedAlgorithm(input.ChecksumAlgorithm);
    if (algorithm === undefined) {
      throw invalidRequest(
        'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
      );
    }
    if (algorithm !== named) throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  if (algorithm === undefined) return undefined;
  const text = input[checksumMember(algorithm)];
  return { algorithm, value: text === undefined ? undefined : checksumValue(algorithm, text) };
}

/**
 * Reads a checksum as it travels.
 *
 * @throws AwsError InvalidRequest when it is no base64 of the algorithm's length
 */
function checksumValue(algorithm: ChecksumAlgorithm, text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== checksumSizes[algorithm] || bytes.toString('base64') !== text) {
    throw invalidRequest(`Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`);
  }
  return bytes;
}

function announcedChecksum(headers: Readonly<Record<string, string>>): ChecksumAlgorithm | undefined {
  const [name] = declaredTrailers(headers);
  if (name === undefined) return undefined;
  const algorithm = checksumAlgorithms.find((known) => name === `x-amz-checksum-${known.toLowerCase()}`);
  if (!algorithm) throw notImplemented(`checksums in ${name}`);
  return algorithm;
}

/** @throws AwsError BadDigest; MalformedTrailerError, InvalidRequest for one that was to come behind the body */
export function verifyChecksum(
  { algorithm, value }: ClaimedChecksum,
  { checksums }: Pick<ReceivedBody, 'checksums'>,
  source: Buffer | Readable,
): void {
  const expected = value ?? trailingChecksum(algorithm, source);
  if (checksums.get(algorithm)?.equals(expected)) return;
  throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`, {
    statusCode: 400,
  });
}

function trailingChecksum(algorithm: ChecksumAlgorithm, source: Buffer | Readable): Buffer {
  const text = trailersOf(source).get(`x-amz-checksum-${algorithm.toLowerCase()}`);
  if (text === undefined) throw malformedTrailer();
  return checksumValue(algorithm, text);
}

/** @throws AwsError InvalidDigest */
export function contentMd5(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 16 && bytes.toString('base64') === text) return bytes;
  throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', {
    statusCode: 400,
    members: { 'Content-MD5': text },
  });
}

/** That there is a length the gateway has seen to, before it let the client send anything. */
function checkLength(headers: Readonly<Record<string, string>>): void {
  const length = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  if (length === undefined || Number(length) <= maximumUpload) return;
  throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
    statusCode: 400,
    members: { ProposedSize: length, MaxSizeAllowed: maximumUpload },
  });
}
