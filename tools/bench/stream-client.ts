import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';

/** What streams are made of; random, so that nothing can be saved on it. */
const PIECE = randomBytes(256 * 1024);

/** So many bytes, in pieces. */
function* pieces(bytes: number): Generator<Buffer> {
  for (let sent = 0; sent < bytes; sent += PIECE.length) yield PIECE.subarray(0, Math.min(PIECE.length, bytes - sent));
}

/** The CRC32 of so many bytes, as it travels. */
export function crc32Of(bytes: number): string {
  let checksum = 0;
  for (const piece of pieces(bytes)) checksum = crc32(piece, checksum);
  const encoded = Buffer.alloc(4);
  encoded.writeUInt32BE(checksum);
  return encoded.toString('base64');
}

/**
 * Puts so many bytes.
 *
 * @param options `answered`: bytes of the answer, none unless the server sends the stream back; `headers`
 *   of the request besides its length
 * @returns milliseconds until all of the answer has come
 * @throws Error with the status and the answer when it is another one
 */
export async function putStream(
  url: string,
  bytes: number,
  { answered = 0, headers = {} }: { answered?: number; headers?: Readonly<Record<string, string>> } = {},
): Promise<number> {
  const start = performance.now();
  const sending = request(url, { method: 'PUT', agent: false, headers: { ...headers, 'content-length': bytes } });
  const reading = (once(sending, 'response') as Promise<[IncomingMessage]>).then(([answer]) =>
    readAnswer(answer, answered),
  );
  await Promise.all([reading, pipeline(Readable.from(pieces(bytes)), sending)]);
  return performance.now() - start;
}

/**
 * Gets a stream and forgets it.
 *
 * @returns milliseconds until its last byte has come
 * @throws Error when it is not of so many bytes
 */
export async function getStream(url: string, bytes: number): Promise<number> {
  const start = performance.now();
  const asking = request(url, { agent: false });
  asking.end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  await readAnswer(answer, bytes);
  return performance.now() - start;
}

async function readAnswer(answer: IncomingMessage, bytes: number): Promise<void> {
  let size = 0;
  let beginning = '';
  answer.on('data', (piece: Buffer) => {
    size += piece.length;
    if (answer.statusCode !== 200 && beginning.length < 500) beginning += piece.toString();
  });
  await once(answer, 'end');
  if (answer.statusCode !== 200) throw new Error(`the stream was answered ${answer.statusCode}: ${beginning}`);
  if (size !== bytes) throw new Error(`the answer had ${size} bytes, not ${bytes}`);
}
