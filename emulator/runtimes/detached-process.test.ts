import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import { startDetachedProcess } from './detached-process.ts';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'detached-process-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

test('a detached process gets what it is told to the last word, and has ended after close', async ({ folder }) => {
  const file = path.join(folder, 'heard');
  const child = startDetachedProcess('/bin/sh', ['-c', 'cat >"$0"; env | grep -c ^HOME= >>"$0"', file], {
    PATH: '/usr/bin:/bin',
  });
  child.tell('one\n');
  await child.close('goodbye\n');
  expect(await readFile(file, 'utf8'), 'with nothing of our environment').toBe('one\ngoodbye\n0\n');
});

test('a detached process that cannot be started, or has ended, is no error', async ({ folder }) => {
  const missing = startDetachedProcess(path.join(folder, 'missing'), [], {});
  missing.tell('one');
  await expect(missing.close('goodbye')).resolves.toBeUndefined();
  const ended = startDetachedProcess('/bin/sh', ['-c', 'exit 0'], {});
  await ended.close();
  ended.tell('one');
  await expect(ended.close()).resolves.toBeUndefined();
});
