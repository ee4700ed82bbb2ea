import { mkdirSync, utimesSync, writeFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { findFolderLeftovers } from './folders.ts';
import { unwatched } from './processes.ts';

test('a container’s process is left over when no watchdog of its runtime runs', () => {
  const watchdog = {
    pid: 1,
    commandLine: '/bin/sh -c … cloud-testbed-watchdog /tmp/f TESTBED_CONTAINER_ID=aaaa /sys/fs/cgroup',
    containerId: undefined,
  };
  const watched = { pid: 2, commandLine: 'sleep 1', containerId: 'aaaa0001' };
  const left = { pid: 3, commandLine: 'sleep 2', containerId: 'bbbb0001' };
  const others = { pid: 4, commandLine: 'sleep 3', containerId: undefined };

  expect(unwatched([watchdog, watched, left, others])).toEqual([left]);
});

test('a folder is left over when it is ours, no process names it, and it is not of this moment', async ({}, testInfo) => {
  const parent = testInfo.outputPath('tmp');
  const make = (name: string, hours: number): void => {
    mkdirSync(path.join(parent, name, 'inner'), { recursive: true });
    const then = Date.now() / 1_000 - hours * 3_600;
    utimesSync(path.join(parent, name), then, then);
  };
  make('cloud-testbed-s3-dead-1', 1);
  make('cloud-testbed-living-2', 1);
  make('cloud-testbed-new-3', 0);
  make('testbed-build-4', 1);
  make('testbed-build-5', 48);
  make('somebody-else-6', 48);
  writeFileSync(path.join(parent, 'cloud-testbed-file-7'), '');
  const commandLines = `sh -c … cloud-testbed-watchdog ${parent}/cloud-testbed-living-2 mark`;

  const found = await findFolderLeftovers(parent, () => Promise.resolve(commandLines));

  expect(found.map(({ kind, name }) => `${kind} ${path.basename(name)}`).toSorted()).toEqual([
    'folder cloud-testbed-s3-dead-1',
    'folder testbed-build-5',
  ]);
  await Promise.all(found.map((leftover) => leftover.remove()));
  expect(readdirSync(parent)).not.toContain('cloud-testbed-s3-dead-1');
  expect(readdirSync(parent)).toContain('cloud-testbed-living-2');
});
