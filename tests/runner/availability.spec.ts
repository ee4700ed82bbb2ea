import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { importPath, test } from './inline-project.ts';

const noDocker = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

/** One test that anything can pass, if it is run at all. */
const oneTest = (directory: string): string => `
  import { expect, test } from '${importPath(directory, 'fixtures/index.ts')}';
  test('asks the environment who it is', async ({ environment }) => {
    expect(environment.account).toMatch(/^\\d{12}$/);
  });
`;

test('a run says of each selected environment what it is or why it is missing', async ({ inlineProject }, testInfo) => {
  const project = await inlineProject({ 'a.spec.ts': oneTest(testInfo.outputPath('project')) });

  const { exitCode, output } = await project.start({ env: { ...noDocker, LOCAL_RUNTIME: 'auto' } }).ended;

  expect(output).toContain('local: embedded, process runtime');
  expect(output).toMatch(/localstack: not available: no Docker daemon at .*; start Docker or set LOCALSTACK_ENDPOINT/);
  expect(output).toContain('real-aws: not available: ');
  expect(output).toMatch(/2 skipped\s+1 passed/);
  expect(exitCode).toBe(0);
});

test('an environment that was the only one asked for by name fails the run once when it is missing', async ({
  inlineProject,
}, testInfo) => {
  const project = await inlineProject({ 'a.spec.ts': oneTest(testInfo.outputPath('project')) });

  const { exitCode, output } = await project.start({ args: ['--project=localstack'], env: noDocker }).ended;

  expect(exitCode).toBe(1);
  expect(output.match(/localstack is required and not available: no Docker daemon at/g)).toHaveLength(1);
  expect(output).not.toContain('passed');
  expect(output).not.toContain('    at ');
});

test('the report says of each test in which environment and runtime it ran', async ({ inlineProject }, testInfo) => {
  const project = await inlineProject({ 'a.spec.ts': oneTest(testInfo.outputPath('project')) });

  const { output } = await project.start({
    args: ['--project=local', '--reporter=json'],
    env: { LOCAL_RUNTIME: 'process' },
  }).ended;

  expect(output).toContain('"description": "local: embedded, process runtime"');
});

test('REQUIRE_ENV makes a missing environment fail the run', async ({ inlineProject }, testInfo) => {
  const project = await inlineProject({ 'a.spec.ts': oneTest(testInfo.outputPath('project')) });

  const { exitCode, output } = await project.start({ env: { ...noDocker, REQUIRE_ENV: 'localstack' } }).ended;

  expect(exitCode).toBe(1);
  expect(output).toContain('localstack is required and not available');
});

test('REQUIRE_ENV of an environment that is not selected fails the run', async ({ inlineProject }, testInfo) => {
  const project = await inlineProject({ 'a.spec.ts': oneTest(testInfo.outputPath('project')) });

  const { exitCode, output } = await project.start({
    args: ['--project=local'],
    env: { ...noDocker, REQUIRE_ENV: 'localstack' },
  }).ended;

  expect(exitCode).toBe(1);
  expect(output).toContain(
    'REQUIRE_ENV=localstack asks for localstack, which is not selected: add --project=localstack',
  );
});

test('the docker runtime without a daemon is not available and says what to do', async ({
  inlineProject,
}, testInfo) => {
  const project = await inlineProject({ 'a.spec.ts': oneTest(testInfo.outputPath('project')) });

  const { exitCode, output } = await project.start({
    args: ['--project=local'],
    env: { ...noDocker, LOCAL_RUNTIME: 'docker' },
  }).ended;

  expect(exitCode).toBe(1);
  expect(output).toMatch(
    /local is required and not available: no Docker daemon at .*nonexistent.*; start Docker, or set LOCAL_RUNTIME=process or auto/,
  );
});

test('a wrong setting is one line that names the variable', async ({ inlineProject }, testInfo) => {
  const project = await inlineProject({ 'a.spec.ts': oneTest(testInfo.outputPath('project')) });

  const { exitCode, output } = await project.start({ env: { LOCAL_RUNTIME: 'podman' } }).ended;

  expect(exitCode).toBe(1);
  expect(output).toContain('LOCAL_RUNTIME is "podman"; accepted: auto, docker, process.');
  expect(output, 'no stack').not.toContain('    at ');
});

test('a copy of .env.example leaves the run with an id, which its workers share', async ({
  inlineProject,
}, testInfo) => {
  const directory = testInfo.outputPath('project');
  const project = await inlineProject({
    '.env': await readFile(path.resolve(import.meta.dirname, '../../.env.example'), 'utf8'),
    'a.spec.ts': `
      import { expect, test } from '${importPath(directory, 'fixtures/index.ts')}';
      for (const turn of ['first', 'second']) {
        test(turn, async ({ environment }) => {
          expect(environment.account).toBe('000000000000');
          console.log(turn + ' run id: ' + process.env.TESTBED_RUN_ID + ';');
        });
      }
    `,
  });

  const { exitCode, output } = await project.start({
    args: ['--project=local', '--workers=2'],
    env: { LOCAL_RUNTIME: 'process' },
  }).ended;

  expect(exitCode, output).toBe(0);
  const [id = ''] = /(?<=first run id: )[0-9a-f]{8}(?=;)/.exec(output) ?? [];
  expect(id).not.toBe('');
  expect(output).toContain(`second run id: ${id};`);
});
