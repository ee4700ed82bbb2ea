import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/** A process that outlives us and learns from its standard input when we have ended. */
export interface DetachedProcess {
  /** Writes to its standard input; nothing happens when it has ended. */
  tell(text: string): void;
  /** Closes its standard input after a last word; resolves when it has ended. */
  close(lastWord?: string): Promise<void>;
}

/**
 * Starts a process in a session of its own, which keeps this one alive no longer. The kernel closes the
 * pipe to it however we end, SIGKILL included. One that cannot be started, or is killed, is no error: what
 * it would do is tried at other occasions too.
 *
 * @param environment all of it; nothing of ours is passed on
 */
export function startDetachedProcess(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): DetachedProcess {
  const child = spawn(program, parameters, {
    detached: true,
    cwd: '/',
    env: environment,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const { stdin } = child;
  child.unref();
  // It is a socket, which is declared as no more than a stream.
  if (stdin instanceof Socket) stdin.unref();
  stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  return {
    tell: (text) => {
      if (stdin.writable) stdin.write(text);
    },
    close: async (lastWord = '') => {
      child.ref();
      stdin.end(lastWord);
      await ended;
    },
  };
}
