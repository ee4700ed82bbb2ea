import { execFile } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { WORKLOADS_FOLDER } from '../workload-name.ts';
import { readContext } from './workload-context.ts';

const run = promisify(execFile);

test('a workload is built with the packages that it names, nested ones and their own included', async ({}, testInfo) => {
  const folder = testInfo.outputPath('app');
  const packages = {
    'node_modules/greeting': '{ "version": "1.0.0", "main": "index.cjs", "dependencies": { "words": "2" } }',
    'node_modules/greeting/node_modules/words': '{ "version": "2.0.0", "main": "index.cjs" }',
    'node_modules/words': '{ "version": "1.0.0", "main": "index.cjs" }',
    'node_modules/unwanted': '{ "version": "1.0.0" }',
    app: '{ "dependencies": { "greeting": "1" }, "optionalDependencies": { "absent": "1" } }',
  };
  for (const [place, manifest] of Object.entries(packages)) {
    await mkdir(testInfo.outputPath(place), { recursive: true });
    await writeFile(testInfo.outputPath(place, 'package.json'), manifest);
  }
  await writeFile(
    testInfo.outputPath('node_modules/greeting/index.cjs'),
    "module.exports = `hello ${require('words')}`",
  );
  await writeFile(testInfo.outputPath('node_modules/greeting/node_modules/words/index.cjs'), "module.exports = 'two'");
  await writeFile(testInfo.outputPath('node_modules/words/index.cjs'), "module.exports = 'one'");
  await writeFile(path.join(folder, 'main.cjs'), "console.log(require('greeting'))");

  const context = await readContext(folder);
  const lent = await context.lend(async (copy, entries) => {
    expect(entries.toSorted()).toEqual(['main.cjs', 'node_modules', 'package.json']);
    expect((await run('node', ['main.cjs'], { cwd: copy })).stdout).toBe('hello two\n');
    await expect(stat(path.join(copy, 'node_modules/unwanted'))).rejects.toThrow('ENOENT');
    return copy;
  });
  await expect(stat(lent), 'the copy goes').rejects.toThrow('ENOENT');

  await writeFile(
    testInfo.outputPath('node_modules/greeting/node_modules/words/package.json'),
    '{ "version": "2.0.1" }',
  );
  expect((await readContext(folder)).digest, 'another version is another image').not.toBe(context.digest);
});

test('a package that is not installed is named', async ({}, testInfo) => {
  await mkdir(testInfo.outputPath(), { recursive: true });
  await writeFile(testInfo.outputPath('package.json'), '{ "dependencies": { "no-such-package-anywhere": "1" } }');
  await expect(readContext(testInfo.outputPath())).rejects.toThrow(
    /no-such-package-anywhere.*not installed: run npm ci/,
  );
});

test('a workload without packages is built from its folder itself', async () => {
  const folder = path.join(WORKLOADS_FOLDER, 'http-echo');
  const context = await readContext(folder);
  expect(context.files).toEqual(['Dockerfile', 'main.cjs']);
  expect(await context.lend((lent) => Promise.resolve(lent))).toBe(folder);
});
