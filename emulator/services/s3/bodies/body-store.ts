import type { Readable } from 'node:stream';
import type { ChecksumAlgorithm } from './checksums.ts';

/** The bytes of an object or a part. Never changed; kept as long as somebody retains it. */
export interface StoredBody {
  /** Bytes. */
  readonly size: number;
  /**
   * Reads a range.
   *
   * @param start first byte; 0 unless given
   * @param end the byte behind the last one; the size unless given
   * @returns a Buffer where the bytes are in memory, a stream where they are in a file. A stream that has
   *   been asked for still delivers everything when the body is released meanwhile.
   */
  read(start?: number, end?: number): Buffer | Readable;
  /** One more version or part has it. The one who received or composed it has it once already. */
  retain(): void;
  /** One less; the last one frees memory or file. */
  release(): void;
}

/** A body with what was computed while it came in. */
export interface ReceivedBody {
  readonly body: StoredBody;
  readonly md5: Buffer;
  /** Of each algorithm that was asked for. */
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, Buffer>;
}

/** Where bodies are kept: small ones in memory, large ones in files of a temporary folder. */
export interface BodyStore {
  /**
   * Takes a body in, whole or not at all: when the source fails, or turns out longer than the limit,
   * nothing of it is left.
   *
   * @param limit bytes
   * @throws AwsError EntityTooLarge; else what the source fails with
   */
  receive(source: Buffer | Readable, algorithms: readonly ChecksumAlgorithm[], limit: number): Promise<ReceivedBody>;
  /** One body made of others, one after the other, none of them copied. It retains them itself. */
  compose(bodies: readonly StoredBody[]): StoredBody;
  /** Frees everything, the folder included. It can be used again afterwards. */
  clear(): Promise<void>;
}

/**
 * Makes an empty one. Its folder is made with the first body that needs one.
 *
 * @param options `runId` marks the folder
 */
export function createBodyStore(_options: { readonly runId: string }): BodyStore {
  return {
    receive: () => Promise.reject(new Error('to be written')),
    compose: () => {
      throw new Error('to be written');
    },
    clear: () => Promise.resolve(),
  };
}
