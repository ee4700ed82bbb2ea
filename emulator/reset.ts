import type { Clock, Timer } from './clock.ts';
import type { Service } from './service.ts';

/**
 * Has services forget all state and end all that runs, one after the other. One that fails or hangs keeps
 * no other from it.
 *
 * @param deadline milliseconds for all of them together
 * @throws Error that names each service that failed or had not ended by the deadline
 */
export async function resetServices(
  services: readonly Pick<Service, 'model' | 'reset'>[],
  clock: Clock,
  deadline = 30_000,
): Promise<void> {
  const end = clock.now() + deadline;
  const problems: string[] = [];
  for (const service of services) {
    try {
      if (await isLate(service.reset(), clock, end - clock.now())) {
        problems.push(`${service.model.name} has not ended all that it runs within ${deadline / 1000} s`);
      }
    } catch (error) {
      problems.push(`${service.model.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0)
    throw new Error(`Not all could be reset, and containers may be left: ${problems.join('; ')}.`);
}

/** Whether it takes longer; rejects as it does until then. */
async function isLate(done: Promise<void>, clock: Clock, milliseconds: number): Promise<boolean> {
  let timer: Timer | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = clock.after(milliseconds, () => resolve(true));
  });
  try {
    return await Promise.race([done.then(() => false), late]);
  } finally {
    timer?.cancel();
  }
}
