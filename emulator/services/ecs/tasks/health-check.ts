import type { HealthCheck } from '@aws-sdk/client-ecs';
import type { Clock, Timer } from '../../../clock.ts';
import type { RunningContainer } from '../../../runtimes/runtime.ts';

/** The first check runs this many milliseconds after the start; each further one of the warm-up waits twice as long. */
const FIRST_CHECK = 50;

/**
 * Runs a container's health check until it is called off.
 *
 * One success makes the container HEALTHY; `retries` failures in a row make it UNHEALTHY, those within
 * `startPeriod` not counted. On AWS the first check runs one `interval` after the start. Here checks run
 * before that too, in growing steps, so that a container which is well is known to be so early; their
 * failures never count, so that nothing becomes UNHEALTHY sooner than on AWS.
 *
 * @param check as in the container definition; times in seconds
 * @param report gets every change of the health status
 * @returns the way to call it off
 */
export function startHealthCheck(
  check: HealthCheck,
  container: Pick<RunningContainer, 'exec'>,
  clock: Clock,
  report: (status: 'HEALTHY' | 'UNHEALTHY') => void,
): { cancel(): void } {
  const command = checkCommand(check);
  if (!command) return { cancel: () => undefined };
  const interval = (check.interval ?? 30) * 1000;
  const timeout = (check.timeout ?? 5) * 1000;
  const retries = check.retries ?? 3;
  const startedAt = clock.now();
  const countFrom = startedAt + Math.max(interval, (check.startPeriod ?? 0) * 1000);

  let status: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' = 'UNKNOWN';
  let failures = 0;
  let cancelled = false;
  let timer: Timer;

  schedule(Math.min(FIRST_CHECK, interval));
  return {
    cancel: () => {
      cancelled = true;
      timer.cancel();
    },
  };

  function schedule(delay: number): void {
    timer = clock.after(delay, () => void run());
  }

  async function run(): Promise<void> {
    const checkedAt = clock.now();
    const passed = await container.exec(command ?? [], { timeout }).then(
      (result) => result.exitCode === 0,
      () => false,
    );
    if (cancelled) return;
    judge(passed, checkedAt);
    const age = clock.now() - startedAt;
    const warmingUp = status === 'UNKNOWN' && age < interval;
    schedule(warmingUp ? Math.min(Math.max(age, FIRST_CHECK), interval - age) : interval);
  }

  function judge(passed: boolean, checkedAt: number): void {
    // After a first success failures count at once, start period or not.
    if (passed) failures = 0;
    else if (checkedAt >= countFrom || status === 'HEALTHY') failures += 1;
    const next = passed ? 'HEALTHY' : failures >= retries ? 'UNHEALTHY' : status;
    if (next === status || next === 'UNKNOWN') return;
    status = next;
    report(next);
  }
}

/** The argument vector of a health check; undefined when it has none (`NONE`, or no command). */
export function checkCommand(check: HealthCheck): readonly string[] | undefined {
  const [kind, ...rest] = check.command ?? [];
  if (kind === undefined || kind === 'NONE') return undefined;
  if (kind === 'CMD') return rest;
  if (kind === 'CMD-SHELL') return ['/bin/sh', '-c', rest.join(' ')];
  // A bare command, as ECS takes it from a single string: Docker runs it with the shell.
  return ['/bin/sh', '-c', [kind, ...rest].join(' ')];
}
