import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SHELL_IMAGE } from './images.ts';
import { commandsWith, containerNames, removeImage } from './leftovers.ts';
import { expect, runScript, start, test } from './runtime-test.ts';

test.describe('the docker runtime alone', () => {
  test.use({ runtimeName: 'docker' });

  test('names its containers after their task', async ({ runId, openSandbox }) => {
    const id = `${runId}0123456789abcdef`;
    const prefix = `cloud-testbed-${id.slice(0, 12)}`;
    const sandbox = await openSandbox({ id });
    await start(sandbox, { name: 'web', command: ['sleep', '1000'] });
    await runScript(sandbox, 'exit 0', { name: 'once' });
    await runScript(sandbox, 'exit 0', { name: 'once' });
    const names = await containerNames(runId);
    expect(names).toEqual([
      `${prefix}-once`,
      expect.stringMatching(new RegExp(`^${prefix}-once-[0-9a-f]{6}$`)),
      `${prefix}-pause`,
      `${prefix}-web`,
    ]);
  });

  test('names the pause containers of bridge mode after the containers that join them', async ({
    runId,
    openSandbox,
  }) => {
    const sandbox = await openSandbox({ id: runId, networkMode: 'bridge' });
    await start(sandbox, { name: 'web', command: ['sleep', '1000'] });
    const prefix = `cloud-testbed-${runId.slice(0, 12)}`;
    expect(await containerNames(runId)).toEqual([`${prefix}-web`, `${prefix}-web-pause`]);
  });

  test('stops a build that nobody waits for any more, and tells all who wait of its progress', async ({
    runtime,
    runId,
    runtimeName,
    workloadsFolder,
  }) => {
    const folder = path.join(workloadsFolder, runId);
    const image = `workloads/${runId}`;
    await mkdir(folder, { recursive: true });
    // The name of the run makes the step one that no cache has.
    await writeFile(path.join(folder, 'Dockerfile'), `FROM ${SHELL_IMAGE}\nRUN echo begun ${runId} && sleep 600\n`);
    const caller = new AbortController();
    const both = [1, 2].map(() => {
      let onBegun = (): void => {};
      const begun = new Promise<void>((resolve) => {
        onBegun = resolve;
      });
      const pulled = runtime.pull(image, {
        signal: caller.signal,
        onProgress: (line) => {
          if (line === `begun ${runId}`) onBegun();
        },
      });
      return { begun, pulled: pulled.catch((error: unknown) => error) };
    });
    try {
      // A build that fails before it gets there has told why.
      const started = both.map(async ({ begun, pulled }) => Promise.race([begun, pulled]));
      expect(await Promise.all(started)).toEqual([undefined, undefined]);
    } finally {
      caller.abort();
    }
    for (const { pulled } of both) {
      expect(await pulled).toMatchObject({ name: 'ImageError', message: `the build of ${image} was called off` });
    }
    // The daemon runs a step as a container, which goes with its build.
    await expect
      .poll(async () => commandsWith(runId), { message: 'steps that the daemon still runs', timeout: 15_000 })
      .toEqual([]);
    // The next build is a new one, not the old one still on its way.
    await writeFile(path.join(folder, 'Dockerfile'), `FROM ${SHELL_IMAGE}\nCMD ["true"]\n`);
    await runtime.pull(image, { signal: AbortSignal.timeout(40_000) });
    await removeImage(runtimeName, image);
  });
});
