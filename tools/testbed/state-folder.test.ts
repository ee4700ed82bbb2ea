import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { identifyProcess } from './process-identity.ts';
import { type KeptRecord, locked, readRecord, removeRecord, stateFolder, writeRecord } from './state-folder.ts';

test('the state folder is TESTBED_STATE, or below XDG_STATE_HOME, or below the home folder', () => {
  expect(stateFolder({ TESTBED_STATE: '/a/b', XDG_STATE_HOME: '/x' })).toBe('/a/b');
  expect(stateFolder({ XDG_STATE_HOME: '/x' })).toBe('/x/cloud-testbed');
  expect(stateFolder({ XDG_STATE_HOME: 'relative' })).toMatch(/\/\.local\/state\/cloud-testbed$/);
  expect(stateFolder({ TESTBED_STATE: '' })).toMatch(/\/\.local\/state\/cloud-testbed$/);
});

test('what is written down is read again, by nobody else, until it is removed', ({}, testInfo) => {
  const folder = testInfo.outputPath('state');
  const record: KeptRecord = {
    kind: 'process',
    startedAt: '2026-01-02T03:04:05.000Z',
    process: { pid: 7, since: '8' },
  };

  writeRecord(folder, 'local', record);

  expect(readRecord(folder, 'local')).toEqual(record);
  expect(readRecord(folder, 'localstack')).toBeUndefined();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder, 'local.json')).mode & 0o777).toBe(0o600);
  removeRecord(folder, 'local');
  expect(readdirSync(folder)).toEqual([]);
});

test('a state file that is none counts as not there', ({}, testInfo) => {
  const folder = testInfo.outputPath('state');
  mkdirSync(folder);
  for (const text of ['', '{"kind": "process"', '{"kind": "process", "process": {"pid": -1}}']) {
    writeFileSync(path.join(folder, 'local.json'), text);
    expect(readRecord(folder, 'local'), text).toBeUndefined();
  }
});

test('two commands of one state folder take turns', async ({}, testInfo) => {
  const folder = testInfo.outputPath('state');
  const order: string[] = [];
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));

  const first = locked(folder, 'local', 5_000, async () => {
    order.push('first begins');
    await gate;
    order.push('first ends');
  });
  const second = locked(folder, 'local', 5_000, async () => void order.push('second'));
  release();
  await Promise.all([first, second]);

  expect(order).toEqual(['first begins', 'first ends', 'second']);
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock is given back when what was done under it fails', async ({}, testInfo) => {
  const folder = testInfo.outputPath('state');
  await expect(locked(folder, 'local', 0, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await locked(folder, 'local', 0, () => Promise.resolve('done'))).toBe('done');
});

test('the lock of a process that has ended is broken, that of a living one is respected', async ({}, testInfo) => {
  const folder = testInfo.outputPath('state');
  mkdirSync(folder);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const lock = path.join(folder, 'local.lock');
  writeFileSync(lock, JSON.stringify({ pid, since: '1' }));
  expect(await locked(folder, 'local', 0, () => Promise.resolve('done'))).toBe('done');

  writeFileSync(lock, JSON.stringify(identifyProcess(process.pid)));
  await expect(locked(folder, 'local', 0, () => Promise.resolve('done'))).rejects.toThrow(
    `process ${process.pid} still starts or stops local after 0 s; if it does not, remove ${lock}`,
  );
  expect(readdirSync(folder)).toEqual(['local.lock']);
});
