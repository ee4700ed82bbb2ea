import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import { lookUpCommand } from './command-lookup.ts';

const test = base.extend<{ root: string }>({
  root: async ({}, use) => {
    const root = await mkdtemp(path.join(tmpdir(), 'command-lookup-'));
    await mkdir(path.join(root, 'bin'));
    await writeFile(path.join(root, 'bin/tool'), '');
    await chmod(path.join(root, 'bin/tool'), 0o755);
    await writeFile(path.join(root, 'bin/text'), '');
    await use(root);
    await rm(root, { recursive: true });
  },
});

test('finds a program in PATH, in the container, on the machine and beside the working directory', ({ root }) => {
  const where = { root, path: [path.join(root, 'bin'), '/bin'], workingDirectory: path.join(root, 'bin') };
  const tool = path.join(root, 'bin/tool');
  expect(lookUpCommand('tool', where)).toBe(tool);
  expect(lookUpCommand('/bin/tool', where)).toBe(tool);
  expect(lookUpCommand('./tool', where)).toBe(tool);
  expect(lookUpCommand('/bin/sh', where)).toBe('/bin/sh');
});

test('refuses in the words of runc', ({ root }) => {
  const where = { root, path: [path.join(root, 'bin')], workingDirectory: root };
  expect(() => lookUpCommand('nope', where)).toThrow('exec: "nope": executable file not found in $PATH: unknown');
  expect(() => lookUpCommand('text', where)).toThrow('exec: "text": executable file not found in $PATH: unknown');
  expect(() => lookUpCommand('/bin/text', where)).toThrow('exec: "/bin/text": permission denied: unknown');
  expect(() => lookUpCommand('/bin/nope', where)).toThrow(
    'exec: "/bin/nope": stat /bin/nope: no such file or directory: unknown',
  );
});
