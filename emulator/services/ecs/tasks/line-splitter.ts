/** Cuts a stream of bytes into lines. */
export interface LineSplitter {
  push(chunk: Buffer): void;
  /** Hands over a last line that no newline ended. */
  end(): void;
}

const NEWLINE = 0x0a;

/**
 * @param onLine gets each line without its newline. Characters of several bytes stay whole however the
 *   chunks fall, for a line is decoded only when it is complete; bytes that are no UTF-8 become U+FFFD.
 * @param maximumBytes a line that has grown this long without a newline is handed over in pieces
 */
export function createLineSplitter(onLine: (line: string) => void, maximumBytes: number): LineSplitter {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const take = (tail?: Buffer): Buffer => {
    const line = pending.length === 0 && tail ? tail : Buffer.concat(tail ? [...pending, tail] : pending);
    pending = [];
    pendingBytes = 0;
    return line;
  };
  const hold = (bytes: Buffer) => {
    if (bytes.length === 0) return;
    pending.push(bytes);
    pendingBytes += bytes.length;
  };
  return {
    push(chunk) {
      let start = 0;
      for (;;) {
        const end = chunk.indexOf(NEWLINE, start);
        if (end === -1) break;
        onLine(take(chunk.subarray(start, end)).toString('utf8'));
        start = end + 1;
      }
      hold(chunk.subarray(start));
      for (;;) {
        if (pendingBytes < maximumBytes) break;
        const line = take();
        const end = characterEnd(line, maximumBytes);
        onLine(line.toString('utf8', 0, end));
        hold(line.subarray(end));
      }
    },
    end() {
      if (pendingBytes > 0) onLine(take().toString('utf8'));
    },
  };
}

/** The last place up to `limit` at which UTF-8 text can be cut without cutting a character. */
export function characterEnd(bytes: Buffer, limit: number): number {
  const end = Math.min(limit, bytes.length);
  let first = end - 1;
  while (first > Math.max(0, end - 4) && isContinuation(bytes[first])) first -= 1;
  return first > 0 && first + characterLength(bytes[first]) > end ? first : end;
}

/** True of a byte that is not the first of its character. */
function isContinuation(byte = 0): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}

/** How many bytes the character has that begins with this one. */
function characterLength(byte = 0): number {
  if (byte < 0xc0) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}
