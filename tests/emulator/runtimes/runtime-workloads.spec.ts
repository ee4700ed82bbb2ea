import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { removeImage } from './leftovers.ts';
import { NODE_IMAGE } from './images.ts';
import { expect, runtimeNames, start, test } from './runtime-test.ts';

const DOCKERFILE = `
# A comment
FROM ${NODE_IMAGE}
ENV GREETING="hello there" \\
    TARGET=world
WORKDIR /app
COPY src/ ./src/
COPY settings.json .
EXPOSE 8080
ENTRYPOINT ["node", "/app/src/main.cjs"]
CMD ["from the image"]
`;

const PROGRAM = `
const { readFileSync, writeFileSync } = require('node:fs');
writeFileSync('src/written', 'by the container');
console.log(process.env.GREETING, process.env.TARGET, process.argv[2], readFileSync('settings.json', 'utf8'));
`;

for (const runtimeName of runtimeNames) {
  test.describe(`the ${runtimeName} runtime: the project's own workloads`, () => {
    test.use({ runtimeName });

    test('runs what the Dockerfile says, and again after a change', async ({
      runtime,
      runId,
      workloadsFolder,
      openSandbox,
    }) => {
      const folder = path.join(workloadsFolder, runId);
      const image = `workloads/${runId}`;
      await mkdir(path.join(folder, 'src'), { recursive: true });
      await writeFile(path.join(folder, 'Dockerfile'), DOCKERFILE);
      await writeFile(path.join(folder, 'src/main.cjs'), PROGRAM);
      const sandbox = await openSandbox();
      try {
        for (const settings of ['first', 'second']) {
          await writeFile(path.join(folder, 'settings.json'), settings);
          await runtime.pull(image, { signal: AbortSignal.timeout(60_000) });
          const container = await start(sandbox, { name: settings, image });
          expect(await container.exited).toMatchObject({ exitCode: 0 });
          expect(container.output).toEqual({ stdout: `hello there world from the image ${settings}\n`, stderr: '' });
        }
        const command = ['from the container'];
        const overridden = await start(sandbox, { name: 'other', image, command, environment: { TARGET: 'moon' } });
        await overridden.exited;
        expect(overridden.output.stdout).toBe('hello there moon from the container second\n');
        await expect(writeFile(path.join(folder, 'src/written'), '', { flag: 'wx' })).resolves.toBeUndefined();
      } finally {
        await sandbox.remove();
        await removeImage(runtimeName, image);
      }
    });

    test('names the folder where a workload should be', async ({ runtime, workloadsFolder }) => {
      const pull = runtime.pull('workloads/no-such', { signal: AbortSignal.timeout(10_000) });
      await expect(pull).rejects.toThrow(path.join(workloadsFolder, 'no-such'));
    });
  });
}
