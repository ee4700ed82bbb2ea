import type { HealthCheck } from '@aws-sdk/client-ecs';
import type { Clock, Timer } from '../../../clock.ts';
import type { RunningContainer } from '../../../runtimes/runtime.ts';

/** The first check runs this many milliseconds after the start; each further one of the warm-up waits twice as long. */
const FIRST_CHECK = 50;

/** A regular check is one that AWS would make too. */
type CheckKind = 'early' | 'regular';

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
  const interval = (check.interval ?? 30) * 1000;
  const timeout = (check.timeout ?? 5) * 1000;
  const retries = check.retries ?? 3;
  const startPeriod = (check.startPeriod ?? 0) * 1000;
  const startedAt = clock.now();

  let status: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' = 'UNKNOWN';
  let failures = 0;
  /** Milliseconds since the start at which the present check is due, as if every timer kept its time. */
  let dueAge = 0;
  let cancelled = false;
  let timer: Timer;

  schedule('early', Math.min(FIRST_CHECK, interval));
  return {
    cancel: () => {
      cancelled = true;
      timer.cancel();
    },
  };

  function schedule(kind: CheckKind, delay: number): void {
    dueAge += delay;
    timer = clock.after(delay, () => void run(kind));
  }

  async function run(kind: CheckKind): Promise<void> {
    const checkedAt = clock.now();
    const passed = await container.exec(command, { timeout }).then(
      (result) => result.exitCode === 0,
      () => false,
    );
    if (cancelled) return;
    // Timers may fire a little early: the age that was planned counts as much as the one that the clock shows.
    judge(passed, kind, Math.max(dueAge, checkedAt - startedAt));
    dueAge += clock.now() - checkedAt;
    scheduleNext(kind);
  }

  function scheduleNext(kind: CheckKind): void {
    const left = interval - dueAge;
    const step = Math.max(dueAge, FIRST_CHECK);
    if (kind === 'regular' || status !== 'UNKNOWN') schedule('regular', interval);
    else if (step < left) schedule('early', step);
    else schedule('regular', Math.max(0, left));
  }

  function judge(passed: boolean, kind: CheckKind, age: number): void {
    if (passed) failures = 0;
    // After a first success failures count at once, start period or not.
    else if (status === 'HEALTHY' || (kind === 'regular' && age >= startPeriod)) failures += 1;
    const next = passed ? 'HEALTHY' : failures >= retries ? 'UNHEALTHY' : status;
    if (next === status || next === 'UNKNOWN') return;
    status = next;
    report(next);
  }
}

/** The argument vector of a health check; registration takes none that starts with anything but CMD or CMD-SHELL. */
export function checkCommand({ command = [] }: HealthCheck): readonly string[] {
  const [kind, ...rest] = command;
  return kind === 'CMD-SHELL' ? ['/bin/sh', '-c', rest.join(' ')] : rest;
}
