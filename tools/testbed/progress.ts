/** Tells how far something came. */
export interface Progress {
  /** What is being done now. */
  readonly tell: (line: string) => void;
  /** Ends the line that is on the terminal. */
  readonly end: () => void;
}

/** On a terminal a line takes the place of the one before it; elsewhere, a log say, each stays. */
export function showProgress(stream: {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}): Progress {
  if (!stream.isTTY) return { tell: (line) => void stream.write(`${line}\n`), end: () => {} };
  return {
    // One that is longer than the terminal is wide could not be taken back.
    tell: (line) => void stream.write(`\r\u001B[2K${line.slice(0, (stream.columns ?? 80) - 1)}`),
    end: () => void stream.write('\r\u001B[2K'),
  };
}
