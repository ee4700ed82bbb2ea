import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import { fillContainerFolder } from './container-folder.ts';

interface Folders {
  readonly root: string;
  readonly project: string;
  readonly volume: string;
}

const test = base.extend<{ folders: Folders }>({
  folders: async ({}, use) => {
    const parent = await mkdtemp(path.join(tmpdir(), 'container-folder-'));
    const folders = {
      root: path.join(parent, 'root'),
      project: path.join(parent, 'project'),
      volume: path.join(parent, 'volume'),
    };
    await mkdir(path.join(folders.project, 'lib'), { recursive: true });
    await writeFile(path.join(folders.project, 'lib/code'), 'code');
    await mkdir(folders.volume);
    await use(folders);
    await rm(parent, { recursive: true });
  },
});

test('makes what an image, its mounts and its working directory need', async ({
  folders: { root, project, volume },
}) => {
  await fillContainerFolder({
    root,
    files: { '/bin/tool': { script: '#!/bin/sh\n' }, '/app/lib': { link: path.join(project, 'lib') } },
    mounts: [{ volume: 'data', containerPath: '/var/data', readOnly: false }],
    volumes: new Map([['data', { folder: volume, type: 'volume' }]]),
    workingDirectory: '/app/work',
    user: undefined,
  });
  expect((await readdir(path.join(root, 'app'))).toSorted()).toEqual(['lib', 'work']);
  await writeFile(path.join(root, 'var/data/file'), 'shared');
  expect(await readFile(path.join(volume, 'file'), 'utf8')).toBe('shared');
});

test('never lets a mount or a working directory write into the project', async ({
  folders: { root, project, volume },
}) => {
  await fillContainerFolder({
    root,
    files: { '/app': { link: project } },
    mounts: [{ volume: 'data', containerPath: '/app/lib/data', readOnly: false }],
    volumes: new Map([['data', { folder: volume, type: 'volume' }]]),
    workingDirectory: '/app/work',
    user: undefined,
  });
  expect(await readdir(project, { recursive: true })).toEqual(expect.not.arrayContaining(['work', 'lib/data']));
  expect(await readFile(path.join(root, 'app/lib/code'), 'utf8')).toBe('code');
  expect((await readdir(path.join(root, 'app/lib'))).toSorted()).toEqual(['code', 'data']);
});

test('mounts one volume in another, whatever their order', async ({ folders: { root, project, volume } }) => {
  await fillContainerFolder({
    root,
    files: {},
    mounts: [
      { volume: 'inner', containerPath: '/data/inner', readOnly: false },
      { volume: 'outer', containerPath: '/data', readOnly: false },
    ],
    volumes: new Map([
      ['outer', { folder: volume, type: 'volume' }],
      ['inner', { folder: project, type: 'bind' }],
    ]),
    workingDirectory: '/',
    user: undefined,
  });
  expect(await readFile(path.join(root, 'data/inner/lib/code'), 'utf8')).toBe('code');
});

test('refuses a mount of a volume that the task does not have', async ({ folders: { root } }) => {
  const mounts = [{ volume: 'nope', containerPath: '/data', readOnly: false }];
  const filled = fillContainerFolder({
    root,
    files: {},
    mounts,
    volumes: new Map(),
    workingDirectory: '/',
    user: undefined,
  });
  await expect(filled).rejects.toThrow('no such volume: nope');
});

test('changes nothing in a folder of the machine for a mount inside it', async ({
  folders: { root, project, volume },
}) => {
  const filled = fillContainerFolder({
    root,
    files: {},
    mounts: [
      { volume: 'host', containerPath: '/host', readOnly: false },
      { volume: 'data', containerPath: '/host/lib', readOnly: false },
    ],
    volumes: new Map([
      ['host', { folder: project, type: 'bind' }],
      ['data', { folder: volume, type: 'volume' }],
    ]),
    workingDirectory: '/',
    user: undefined,
  });
  await expect(filled).rejects.toThrow('/host/lib cannot be a mount point');
  expect(await readFile(path.join(project, 'lib/code'), 'utf8')).toBe('code');
});

test('empties nothing for a mount that would be the whole folder', async ({ folders: { root, volume } }) => {
  for (const containerPath of ['/', '/data/..', '/../..', '.']) {
    const filled = fillContainerFolder({
      root,
      files: {},
      mounts: [{ volume: 'data', containerPath, readOnly: false }],
      volumes: new Map([['data', { folder: volume, type: 'volume' }]]),
      workingDirectory: '/',
      user: undefined,
    });
    await expect(filled).rejects.toThrow('invalid mount config for type "volume"');
  }
  expect(await readdir(path.dirname(root))).toEqual(expect.arrayContaining(['project', 'volume']));
});
