import type { Clock, Timer } from '../../../clock.ts';
import type { LogStreamWriter } from '../../logs/log-sink.ts';
import { characterEnd } from './line-splitter.ts';

/** Makes log events of lines. */
export interface EventAssembler {
  addLine(line: string): void;
  /** Writes an event that still waits for more lines. */
  flush(): void;
}

/** The most bytes of one event's message: 256 KiB less what CloudWatch Logs counts for each event. */
export const MAXIMUM_EVENT_BYTES = 262_144 - 26;

/** How long an event of several lines waits for its next line, in milliseconds: the driver's interval of publishing. */
const MULTILINE_WAIT = 5000;

/**
 * Without a pattern each line is an event. With one, an event begins at a line that matches it and takes
 * all lines up to the next that does, each with its newline, empty ones too.
 */
export function createEventAssembler(
  writer: LogStreamWriter,
  { clock, multilinePattern }: { readonly clock: Clock; readonly multilinePattern: RegExp | undefined },
): EventAssembler {
  let held: string[] = [];
  let heldBytes = 0;
  let heldSince = 0;
  let timer: Timer | undefined;

  const flush = () => {
    timer?.cancel();
    timer = undefined;
    if (held.length > 0) writeSplit(writer, heldSince, held.join(''));
    held = [];
    heldBytes = 0;
  };
  if (!multilinePattern) return { addLine: (line) => writeSplit(writer, clock.now(), line), flush };

  return {
    addLine(line) {
      const bytes = Buffer.byteLength(line) + 1;
      if (multilinePattern.test(line) || heldBytes + bytes > MAXIMUM_EVENT_BYTES) flush();
      if (held.length === 0) {
        heldSince = clock.now();
        timer = clock.after(MULTILINE_WAIT, flush);
      }
      held.push(`${line}\n`);
      heldBytes += bytes;
    },
    flush,
  };
}

/** Writes a message as one event, or as several when it is too long for one; never cuts a character. */
function writeSplit(writer: LogStreamWriter, timestamp: number, message: string): void {
  if (message === '') return;
  // No UTF-16 unit takes more than three bytes.
  if (message.length * 3 <= MAXIMUM_EVENT_BYTES || Buffer.byteLength(message) <= MAXIMUM_EVENT_BYTES) {
    writer.write(timestamp, message);
    return;
  }
  const bytes = Buffer.from(message);
  for (let start = 0; start < bytes.length;) {
    const end = start + characterEnd(bytes.subarray(start), MAXIMUM_EVENT_BYTES);
    writer.write(timestamp, bytes.toString('utf8', start, end));
    start = end;
  }
}
