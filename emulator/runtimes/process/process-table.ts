import { readdir, readFile } from 'node:fs/promises';

/** The variable that tells of which run a process is, for those who look for left-overs by hand. */
export const RUN_ID_VARIABLE = 'TESTBED_RUN_ID';
/** The variable that marks every process of a container; its value is the container's runtime id. */
export const CONTAINER_ID_VARIABLE = 'TESTBED_CONTAINER_ID';

/** Containers that ask at the same time share one look at the process table. */
let nextLook: { readonly containerIds: Set<string>; readonly done: Promise<void> } | undefined;

/**
 * Kills every process that carries a container's mark, wherever it hid: for machines without control
 * groups. Only Linux shows the environment of others; elsewhere a process that left its group stays.
 */
export async function killMarked(containerId: string): Promise<void> {
  nextLook ??= startLook();
  nextLook.containerIds.add(containerId);
  return nextLook.done;
}

function startLook(): { containerIds: Set<string>; done: Promise<void> } {
  const containerIds = new Set<string>();
  const done = new Promise<void>((resolve) => {
    setImmediate(() => {
      nextLook = undefined;
      void killAll(containerIds).then(resolve);
    });
  });
  return { containerIds, done };
}

async function killAll(containerIds: ReadonlySet<string>): Promise<void> {
  const processIds = await readdir('/proc').catch(() => []);
  await Promise.all(
    processIds.map(async (processId) => {
      if (!/^\d+$/.test(processId) || !containerIds.has((await containerOf(processId)) ?? '')) return;
      try {
        process.kill(Number(processId), 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }),
  );
}

async function containerOf(processId: string): Promise<string | undefined> {
  try {
    const environment = await readFile(`/proc/${processId}/environ`, 'utf8');
    const prefix = `${CONTAINER_ID_VARIABLE}=`;
    const entry = environment.split('\0').find((line) => line.startsWith(prefix));
    return entry?.slice(prefix.length);
  } catch {
    return undefined;
  }
}
