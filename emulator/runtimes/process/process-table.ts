import { readdir, readFile } from 'node:fs/promises';

/** The variable that tells of which run a process is, for those who look for left-overs by hand. */
export const RUN_ID_VARIABLE = 'TESTBED_RUN_ID';
/** The variable that marks every process of a container; its value is the container's runtime id. */
export const CONTAINER_ID_VARIABLE = 'TESTBED_CONTAINER_ID';

/** For one that the kernel cannot end. */
const MOST_LOOKS = 20;

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

/** Looks again as long as there was somebody: one may have forked between the look and the kill. */
async function killAll(containerIds: ReadonlySet<string>): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const members = await findMembers(containerIds);
    for (const processId of members) {
      try {
        process.kill(processId, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    if (members.length === 0) return;
  }
}

async function findMembers(containerIds: ReadonlySet<string>): Promise<number[]> {
  const processIds = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const containers = await Promise.all(processIds.map(containerOf));
  return processIds.filter((_, index) => containerIds.has(containers[index] ?? '')).map(Number);
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
