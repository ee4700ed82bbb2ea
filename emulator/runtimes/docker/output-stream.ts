import type { Readable } from 'node:stream';

type OnOutput = (stream: 'stdout' | 'stderr', chunk: Buffer) => void;

const HEADER_BYTES = 8;

/**
 * Takes the two output streams of a container apart. Each frame has a header: the stream's number, three
 * zero bytes and the length of what follows, big-endian
 * (https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach).
 *
 * @returns what takes the bytes as they come, in pieces of any size
 */
export function outputDemultiplexer(onOutput: OnOutput): (bytes: Buffer) => void {
  let header: Buffer = Buffer.alloc(0);
  let stream: 'stdout' | 'stderr' = 'stdout';
  let left = 0;
  return (bytes) => {
    let rest = bytes;
    while (rest.length > 0) {
      if (left > 0) {
        const payload = rest.subarray(0, left);
        left -= payload.length;
        rest = rest.subarray(payload.length);
        onOutput(stream, payload);
        continue;
      }
      const missing = HEADER_BYTES - header.length;
      header = Buffer.concat([header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (header.length < HEADER_BYTES) return;
      stream = header[0] === 2 ? 'stderr' : 'stdout';
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
  };
}

/**
 * Delivers an attached stream.
 *
 * @returns resolves when the stream has ended, in whatever way, and all its output is delivered
 */
export async function deliverOutput(stream: Readable, onOutput: OnOutput): Promise<void> {
  stream.on('data', outputDemultiplexer(onOutput));
  return new Promise((resolve) => {
    stream.once('close', () => resolve());
    stream.once('error', () => resolve());
  });
}

/** The client types its streams both ways; without stdin they can only be read. */
export function readable(stream: NodeJS.ReadableStream): Readable {
  return stream as Readable;
}
