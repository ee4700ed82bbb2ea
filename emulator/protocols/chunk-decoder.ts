import { createHash, type Hash } from 'node:crypto';
import { AwsError } from '../service.ts';

/** Checks the signatures inside a body whose chunks are signed, in their order; each signs the one before it too. */
export interface ChunkSignatures {
  /**
   * @param hash hex SHA-256 of the chunk's data, or of the trailers as `name:value` lines
   * @throws AwsError SignatureDoesNotMatch
   */
  verify(what: 'PAYLOAD' | 'TRAILER', hash: string, signature: string): void;
}

/** What is asked of a body besides its form. */
export interface ChunkRules {
  /** `x-amz-decoded-content-length`, bytes. */
  readonly decodedLength: number;
  /** The names that `x-amz-trailer` declared, in lower case. */
  readonly declaredTrailers: readonly string[];
  /** None: chunks are not signed, or nobody verifies it. */
  readonly signatures: ChunkSignatures | undefined;
  /** True where signed trailers follow, and a signature of theirs. */
  readonly signedTrailers: boolean;
}

export interface ChunkDecoder {
  /** Takes bytes as they came, cut anywhere, and hands on the data among them. */
  write(piece: Buffer): void;
  /** Says that nothing more comes. @throws AwsError when something is missing. */
  end(): void;
  /** Complete after `end`; names in lower case. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** No line of a well-formed body comes near it: a chunk's size with its signature, or a trailer. */
const maximumLine = 16 * 1024;

/** Lines between the last chunk and the end; a body has one trailer, its signature, and empty lines around it. */
const maximumTrailerLines = 16;

/** All signed chunks but the last. */
const minimumChunk = 8192;

/**
 * Takes the content encoding `aws-chunked` apart
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html, …/sigv4-streaming-trailers.html).
 * Where the documentation is silent it does what Swift's tests, which run against AWS too, found: bytes
 * behind the empty line that ends the body do not count, a repeated trailer counts the last time, and the
 * empty line may be missing, but not the end of a line that has begun.
 *
 * @param take gets the data; what it got may belong to a chunk whose signature turns out wrong
 * @returns the decoder; both its functions throw AwsError IncompleteBody, InvalidChunkSizeError,
 *   MalformedTrailerError, and SignatureDoesNotMatch
 */
export function chunkDecoder(rules: ChunkRules, take: (data: Buffer) => void): ChunkDecoder {
  const { signatures, decodedLength } = rules;
  const trailers = new Map<string, string>();
  let trailerLines = 0;
  let expecting: 'size' | 'data' | 'end of data' | 'trailers' | 'nothing' = 'size';
  /** The beginning of a line whose end has not come yet. */
  let begun: Buffer | undefined;
  let chunk = 0;
  let size = 0;
  let remaining = 0;
  let received = 0;
  let signature = '';
  let hash: Hash | undefined;
  let trailerSignature: string | undefined;

  function beginChunk(line: string): void {
    const [, digits, signed] = /^([0-9a-f]{1,12})(?:;chunk-signature=([^;]*))?(?:;.*)?$/i.exec(line) ?? [];
    if (digits === undefined || (signatures && signed === undefined)) throw endedEarly();
    const next = Number.parseInt(digits, 16);
    chunk += 1;
    if (signatures && next > 0 && chunk > 1 && size < minimumChunk) throw tooSmall(chunk, size);
    size = next;
    remaining = next;
    if (received + size > decodedLength) throw otherLength(decodedLength, received + size);
    if (signatures) {
      signature = signed ?? '';
      hash = createHash('sha256');
    }
    if (size === 0) endChunk();
    expecting = size === 0 ? 'trailers' : 'data';
  }

  function endChunk(): void {
    if (hash) signatures?.verify('PAYLOAD', hash.digest('hex'), signature);
  }

  function takeLine(line: string): void {
    if (expecting === 'size') {
      beginChunk(line);
    } else if (expecting === 'end of data') {
      if (line !== '') throw endedEarly();
      expecting = 'size';
    } else {
      takeTrailerLine(line);
    }
  }

  function takeTrailerLine(line: string): void {
    trailerLines += 1;
    if (trailerLines > maximumTrailerLines) throw malformedTrailer();
    if (line === '') {
      // The documentation's own example has an empty line between the trailers and their signature.
      const awaited = rules.signedTrailers && signatures && trailerSignature === undefined;
      if (!awaited || trailers.size === 0) expecting = 'nothing';
      return;
    }
    const colon = line.indexOf(':');
    if (colon < 1) throw malformedTrailer();
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'x-amz-trailer-signature') trailerSignature = value;
    else if (rules.declaredTrailers.includes(name)) trailers.set(name, value);
    else throw malformedTrailer();
  }

  return {
    trailers,

    write(piece) {
      let at = 0;
      while (at < piece.length && expecting !== 'nothing') {
        if (expecting === 'data') {
          const data = piece.subarray(at, at + remaining);
          at += data.length;
          remaining -= data.length;
          received += data.length;
          hash?.update(data);
          take(data);
          if (remaining > 0) return;
          endChunk();
          expecting = 'end of data';
          continue;
        }
        let line: string;
        if (begun) {
          // Rare, and short: the end of a line that the piece before began.
          const whole = Buffer.concat([begun, piece.subarray(at, at + maximumLine)]);
          const end = whole.indexOf('\r\n');
          if (end < 0) {
            if (whole.length > maximumLine) throw endedEarly();
            begun = whole;
            return;
          }
          line = whole.toString('latin1', 0, end);
          at += end + 2 - begun.length;
          begun = undefined;
        } else {
          const end = piece.indexOf('\r\n', at);
          if (end < 0) {
            begun = piece.subarray(at);
            if (begun.length > maximumLine) throw endedEarly();
            return;
          }
          line = piece.toString('latin1', at, end);
          at = end + 2;
        }
        takeLine(line);
      }
    },

    end() {
      if ((expecting !== 'nothing' && expecting !== 'trailers') || begun) throw endedEarly();
      if (received !== decodedLength) throw otherLength(decodedLength, received);
      checkTrailers(trailers, trailerSignature, rules);
    },
  };
}

function checkTrailers(
  trailers: ReadonlyMap<string, string>,
  signature: string | undefined,
  { declaredTrailers, signedTrailers, signatures }: ChunkRules,
): void {
  if (!declaredTrailers.every((name) => trailers.has(name))) throw malformedTrailer();
  if (!signedTrailers || !signatures) return;
  if (signature === undefined) throw trailers.size > 0 ? malformedTrailer() : endedEarly();
  const lines = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('');
  signatures.verify('TRAILER', createHash('sha256').update(lines, 'latin1').digest('hex'), signature);
}

function endedEarly(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly', { statusCode: 400 });
}

function otherLength(expected: number, provided: number): AwsError {
  return new AwsError(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
    { statusCode: 400, members: { NumberBytesExpected: String(expected), NumberBytesProvided: String(provided) } },
  );
}

/** S3 notices it at the next chunk, whose number it tells. */
function tooSmall(chunk: number, size: number): AwsError {
  return new AwsError('InvalidChunkSizeError', 'Only the last chunk is allowed to have a size less than 8192 bytes', {
    statusCode: 403,
    members: { Chunk: String(chunk), BadChunkSize: String(size) },
  });
}

export function malformedTrailer(): AwsError {
  return new AwsError(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
    { statusCode: 400 },
  );
}
