import { Readable } from 'node:stream';
import type { StoredBody } from './body-store.ts';

/** Bytes up to which a range over several bodies is copied into one Buffer. */
const copyLimit = 64 * 1024;

/** One body made of others, one after the other, none of them copied. It retains them as long as it is held. */
export function composeBodies(bodies: readonly StoredBody[]): StoredBody {
  const pieces: Piece[] = [];
  let size = 0;
  for (const body of bodies) {
    body.retain();
    pieces.push({ body, offset: size });
    size += body.size;
  }
  let holders = 1;
  const retain = (): void => {
    holders += 1;
  };
  const release = (): void => {
    holders -= 1;
    if (holders === 0) for (const body of bodies) body.release();
  };
  return {
    size,
    read(start = 0, end = size) {
      const wanted = pieces.filter(({ body, offset }) => offset < end && offset + body.size > start);
      const [only] = wanted;
      if (!only) return Buffer.alloc(0);
      if (wanted.length === 1) return readPiece(only, start, end);
      if (end - start <= copyLimit) {
        const contents = wanted.map((piece) => readPiece(piece, start, end));
        if (contents.every((content) => Buffer.isBuffer(content))) return Buffer.concat(contents);
        for (const content of contents) if (!Buffer.isBuffer(content)) content.destroy();
      }
      retain();
      return Readable.from(bytesOf(wanted, start, end), { objectMode: false }).once('close', release);
    },
    retain,
    release,
  };
}

interface Piece {
  readonly body: StoredBody;
  /** Where it begins in the whole. */
  readonly offset: number;
}

function readPiece({ body, offset }: Piece, start: number, end: number): Buffer | Readable {
  return body.read(Math.max(0, start - offset), Math.min(body.size, end - offset));
}

async function* bytesOf(pieces: readonly Piece[], start: number, end: number): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    const content = readPiece(piece, start, end);
    if (Buffer.isBuffer(content)) yield content;
    else yield* content as AsyncIterable<Buffer>;
  }
}
