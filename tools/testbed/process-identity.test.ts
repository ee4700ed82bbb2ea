import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { identifyProcess, isSameProcess } from './process-identity.ts';

test('a process is itself as long as it runs', () => {
  expect(isSameProcess(identifyProcess(process.pid))).toBe(true);
});

test('a later process with the same number is another one', () => {
  expect(isSameProcess({ ...identifyProcess(process.pid), since: '1' })).toBe(false);
});

test('a process that has ended is none', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  expect(() => identifyProcess(pid)).toThrow(`There is no process ${pid}.`);
});
