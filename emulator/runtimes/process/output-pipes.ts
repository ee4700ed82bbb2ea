import { execFile } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

/** One pipe: we read from `reader`, a child gets `writeEnd` as its stdout or stderr. */
interface OutputPipe {
  readonly reader: Socket;
  /** A file descriptor, to be closed in this process once the child has it. */
  readonly writeEnd: number;
}

export interface OutputPipes {
  open(): Promise<OutputPipe>;
  /** Resolves when nothing more is made in the folder. */
  close(): Promise<void>;
}

/** As many named pipes as one `mkfifo` makes ahead; two go into each container. */
const BATCH = 32;

/**
 * Makes real pipes for the output of children. Node's own `stdio: 'pipe'` is a socket, and a program that
 * opens `/dev/stderr` or `/dev/stdout`, as shell scripts do, gets ENXIO from a socket; Docker gives pipes.
 * Node cannot make one, so they are named pipes, made in batches and unlinked once both ends are open.
 *
 * @param folder made here
 */
export function openOutputPipes(folder: string): OutputPipes {
  const ready: string[] = [];
  let count = 0;
  let making: Promise<void> | undefined;
  let closed = false;

  const make = async (): Promise<void> => {
    mkdirSync(folder, { recursive: true });
    const names = Array.from({ length: BATCH }, () => path.join(folder, `${count++}`));
    await promisify(execFile)('mkfifo', ['-m', '600', '--', ...names]);
    if (!closed) ready.push(...names);
  };
  const makeMore = async (): Promise<void> => {
    making ??= make().finally(() => (making = undefined));
    return making;
  };
  // The first batch is made while the first container's folder is; who needs a pipe hears of a failure.
  makeMore().catch(() => {});

  return {
    open: async () => {
      for (;;) {
        const name = ready.pop();
        if (name !== undefined) return openBothEnds(name);
        if (closed) throw new Error('The process runtime is closed: it opens no more output pipes.');
        await makeMore();
      }
    },
    close: async () => {
      closed = true;
      ready.length = 0;
      await making?.catch(() => {});
    },
  };
}

function openBothEnds(name: string): OutputPipe {
  // The reader first, without blocking: a writer can be opened only once there is a reader.
  const readEnd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const writeEnd = openSync(name, constants.O_WRONLY);
    return { reader: new Socket({ fd: readEnd, readable: true, writable: false }), writeEnd };
  } catch (error) {
    closeSync(readEnd);
    throw error;
  } finally {
    unlinkSync(name);
  }
}
