import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { ContainerExit } from '../runtime.ts';
import { engineErrorStatus, engineErrorText } from './engine-error.ts';

/** Milliseconds between two attempts to wait for a container that runs, where the daemon does not let us wait. */
const WAIT_AGAIN_AFTER = 500;
/** The code of a container that was killed. */
const KILLED = 137;

/**
 * Waits for a container's end and finds out how it ended. A wait that breaks (a daemon or a proxy may end
 * long requests) is begun again as long as the daemon says that the container runs.
 *
 * @param drain called when it has ended; resolves when its output has been delivered
 * @returns never rejects: `error` has the daemon's words when it cannot say how the container ended
 */
export async function waitForExit(
  container: Pick<Docker.Container, 'wait' | 'inspect'>,
  drain: () => Promise<void>,
): Promise<ContainerExit> {
  const end = await waitForEnd(container);
  await drain();
  if ('error' in end) return { exitCode: KILLED, outOfMemory: false, error: end.error };
  return { exitCode: end.exitCode, outOfMemory: await wasOutOfMemory(container, end.exitCode) };
}

async function waitForEnd(
  container: Pick<Docker.Container, 'wait' | 'inspect'>,
): Promise<{ exitCode: number } | { error: string }> {
  for (;;) {
    try {
      const result: { StatusCode: number } = await container.wait();
      return { exitCode: result.StatusCode };
    } catch (error) {
      if (wasRemoved(error)) return { exitCode: KILLED };
    }
    try {
      const { State } = await container.inspect();
      if (!State.Running) return { exitCode: State.ExitCode };
    } catch (error) {
      return wasRemoved(error) ? { exitCode: KILLED } : { error: engineErrorText(error) };
    }
    await delay(WAIT_AGAIN_AFTER);
  }
}

/** Removed under our hands, or being removed, which kills it. */
function wasRemoved(error: unknown): boolean {
  const status = engineErrorStatus(error);
  return status === 404 || status === 409;
}

/** The daemon hears of a lack of memory and of the end on different ways; either may come first. */
async function wasOutOfMemory(container: Pick<Docker.Container, 'inspect'>, exitCode: number): Promise<boolean> {
  for (const wait of exitCode === KILLED ? [0, 20, 50] : [0]) {
    if (wait > 0) await delay(wait);
    try {
      const { State, HostConfig } = await container.inspect();
      if (State.OOMKilled) return true;
      if (!HostConfig.Memory) return false;
    } catch {
      return false;
    }
  }
  return false;
}
