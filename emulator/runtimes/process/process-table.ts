import { readdirSync, readFileSync } from 'node:fs';

/** The variable that marks every process of a container. */
export const CONTAINER_ID_VARIABLE = 'TESTBED_CONTAINER_ID';

/**
 * Kills every process that carries a container's mark, wherever it hid (Linux; elsewhere the environment
 * of others cannot be read, and a process that left its group stays).
 */
export function killMarked(containerId: string): void {
  for (const processId of markedProcesses(CONTAINER_ID_VARIABLE, containerId)) {
    try {
      process.kill(processId, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** The ids of all processes in whose environment a variable has the value. */
export function markedProcesses(variable: string, value: string): number[] {
  const entry = `${variable}=${value}`;
  return processIds().filter((processId) => {
    try {
      return readFileSync(`/proc/${processId}/environ`, 'utf8').split('\0').includes(entry);
    } catch {
      return false;
    }
  });
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
