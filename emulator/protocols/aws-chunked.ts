import { Readable } from 'node:stream';
import { AwsError } from '../service.ts';
import type { ProtocolRequest } from './protocol.ts';

/** A body that came in signed or checksummed chunks, as the bytes that were meant. */
export interface UnchunkedBody extends Readable {
  /** The trailing headers, such as `x-amz-checksum-crc32`; complete when the stream has ended. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** S3 takes chunks up to here; a line that says how long a chunk is, or a trailer, is much shorter. */
const maximumLine = 16 * 1024;

/**
 * Takes the content encoding `aws-chunked` off a request, which SDKs use for uploads whose length or
 * checksum they do not know at the start
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html). Signatures of the single chunks
 * are passed over. Headers then say what they would without the encoding.
 *
 * @returns the request itself when it is not encoded so. The body's stream fails with AwsError
 *   IncompleteBody when the chunks end early, and InvalidRequest when they are none.
 */
export function unchunk(request: ProtocolRequest): ProtocolRequest {
  if (!isChunked(request.headers)) return request;
  const { 'content-encoding': encoding = '', 'x-amz-decoded-content-length': length, ...others } = request.headers;
  const headers: Record<string, string> = others;
  const encodings = encoding.split(',').filter((name) => !/^\s*(aws-chunked)?\s*$/i.test(name));
  if (encodings.length > 0) headers['content-encoding'] = encodings.join(',').trim();
  if (length !== undefined) headers['content-length'] = length;
  const trailers: Record<string, string> = {};
  const source = Buffer.isBuffer(request.body) ? [request.body] : request.body;
  const body = Readable.from(dataOf(source, trailers), { objectMode: false });
  return { ...request, headers, body: Object.assign(body, { trailers }) satisfies UnchunkedBody };
}

function isChunked(headers: Readonly<Record<string, string>>): boolean {
  return (
    headers['x-amz-content-sha256']?.startsWith('STREAMING-') ??
    /(^|,)\s*aws-chunked\s*(,|$)/i.test(headers['content-encoding'] ?? '')
  );
}

async function* dataOf(
  source: Iterable<Buffer> | AsyncIterable<Buffer>,
  trailers: Record<string, string>,
): AsyncGenerator<Buffer> {
  let expecting: 'size' | 'data' | 'end of data' | 'trailers' | 'nothing' = 'size';
  let remaining = 0;
  let pending: Buffer = Buffer.alloc(0);
  for await (const piece of source) {
    pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
    while (pending.length > 0) {
      if (expecting === 'nothing') throw malformed('bytes after the last chunk');
      if (expecting === 'data') {
        const data = pending.subarray(0, remaining);
        pending = pending.subarray(data.length);
        remaining -= data.length;
        if (remaining === 0) expecting = 'end of data';
        yield data;
        continue;
      }
      const end = pending.indexOf('\r\n');
      if (end < 0 && pending.length > maximumLine) throw malformed('a line without end');
      if (end < 0) break;
      const line = pending.subarray(0, end).toString('latin1');
      pending = pending.subarray(end + 2);
      if (expecting === 'size') {
        remaining = chunkSize(line);
        expecting = remaining === 0 ? 'trailers' : 'data';
      } else if (expecting === 'end of data') {
        if (line !== '') throw malformed('a chunk longer than it said');
        expecting = 'size';
      } else if (line === '') {
        expecting = 'nothing';
      } else {
        const colon = line.indexOf(':');
        trailers[line.slice(0, Math.max(0, colon)).trim().toLowerCase()] = line.slice(colon + 1).trim();
      }
    }
  }
  // Some clients leave out the empty line after the last chunk; all of the data is there by then.
  if (expecting !== 'nothing' && expecting !== 'trailers') {
    throw new AwsError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
      { statusCode: 400 },
    );
  }
}

/** `400;chunk-signature=…`, hexadecimal. */
function chunkSize(line: string): number {
  const size = /^([0-9a-f]{1,12})(;.*)?$/i.exec(line)?.[1];
  if (size === undefined) throw malformed(`'${line.slice(0, 40)}' where the size of a chunk should be`);
  return Number.parseInt(size, 16);
}

function malformed(what: string): AwsError {
  return new AwsError('InvalidRequest', `The aws-chunked body is malformed: ${what}.`, { statusCode: 400 });
}
