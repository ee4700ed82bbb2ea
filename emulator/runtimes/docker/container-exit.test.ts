import { expect, test } from '@playwright/test';
import type Docker from 'dockerode';
import { waitForExit } from './container-exit.ts';

type Container = Parameters<typeof waitForExit>[0];

const refused = new Error('connect ECONNREFUSED /var/run/docker.sock');
const drain = async (): Promise<void> => {};

/** A container whose daemon answers one thing after the other, the last one again and again. */
function container(answers: { wait: readonly unknown[]; inspect: readonly unknown[] }): Container {
  const answer = (from: readonly unknown[]): (() => Promise<never>) => {
    let count = 0;
    return async () => {
      const next = from[Math.min(count++, from.length - 1)];
      if (next instanceof Error) throw next;
      return next as never;
    };
  };
  return { wait: answer(answers.wait), inspect: answer(answers.inspect) };
}

function statusError(statusCode: number, message: string): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode}) ${message} - ${message} `), { statusCode });
}

function state(fields: Partial<Docker.ContainerInspectInfo['State']>): unknown {
  return { State: { Running: false, OOMKilled: false, ExitCode: 0, ...fields }, HostConfig: { Memory: 0 } };
}

test("tells a container's exit code once its output is delivered", async () => {
  const delivered: string[] = [];
  const exit = await waitForExit(
    container({ wait: [{ StatusCode: 3 }], inspect: [state({ ExitCode: 3 })] }),
    async () => {
      delivered.push('all');
    },
  );
  expect(exit).toEqual({ exitCode: 3, outOfMemory: false });
  expect(delivered).toEqual(['all']);
});

test('takes a container that was removed as killed', async () => {
  for (const error of [statusError(404, 'no such container'), statusError(409, 'removal is in progress')]) {
    const exit = await waitForExit(container({ wait: [error], inspect: [statusError(404, 'gone')] }), drain);
    expect(exit).toEqual({ exitCode: 137, outOfMemory: false });
  }
});

test('asks how a container ended when the wait for it broke', async () => {
  const exit = await waitForExit(container({ wait: [refused], inspect: [state({ ExitCode: 5 })] }), drain);
  expect(exit).toEqual({ exitCode: 5, outOfMemory: false });
});

test('waits again for a container that goes on after the wait for it broke', async () => {
  const answers = { wait: [refused, { StatusCode: 0 }], inspect: [state({ Running: true }), state({})] };
  expect(await waitForExit(container(answers), drain)).toEqual({ exitCode: 0, outOfMemory: false });
});

test("ends with the daemon's words when it cannot say how a container ended", async () => {
  const broken = statusError(500, 'driver failed');
  expect(await waitForExit(container({ wait: [broken], inspect: [broken] }), drain)).toMatchObject({
    error: 'Error response from daemon: driver failed',
  });
  expect(await waitForExit(container({ wait: [refused], inspect: [refused] }), drain)).toMatchObject({
    error: refused.message,
  });
});
