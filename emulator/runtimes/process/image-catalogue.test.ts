import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import { ImageError } from '../runtime.ts';
import { openImageCatalogue, repositoryName } from './image-catalogue.ts';

/** Makes a workload whose folder holds the files. */
const test = base.extend<{ workloads: string; writeWorkload: (name: string, dockerfile: string) => Promise<void> }>({
  workloads: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'workloads-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
  writeWorkload: async ({ workloads }, use) => {
    await use(async (name, dockerfile) => {
      await mkdir(path.join(workloads, name, 'src'), { recursive: true });
      await writeFile(path.join(workloads, name, 'Dockerfile'), dockerfile);
      await writeFile(path.join(workloads, name, 'src/main.cjs'), '');
    });
  },
});

const NAMES: Record<string, string> = {
  busybox: 'busybox',
  'busybox:1.36': 'busybox',
  'docker.io/library/node:20-slim': 'node',
  'public.ecr.aws/docker/library/python:3.13': 'python',
  'node@sha256:0123': 'node',
  'localhost:5000/node': 'localhost:5000/node',
  'docker.io/someone/node:1': 'someone/node',
};

for (const [image, name] of Object.entries(NAMES)) {
  test(`finds ${name} in ${image}`, () => {
    expect(repositoryName(image)).toBe(name);
  });
}

test('runs a shell for images of an operating system', async () => {
  const catalogue = openImageCatalogue();
  for (const image of ['busybox', 'alpine:3', 'debian:trixie-slim', 'public.ecr.aws/docker/library/ubuntu:24.04']) {
    expect(await catalogue.find(image)).toMatchObject({ entryPoint: [], command: ['sh'], workingDirectory: '/' });
  }
});

test('runs this Node for node', async () => {
  const { command, files } = await openImageCatalogue().find('node:18-alpine');
  expect(command).toEqual(['node']);
  expect(files['/usr/local/bin/node']).toEqual({ link: process.execPath });
});

test('refuses what has no equivalent here, with the remedy', async () => {
  const error = await openImageCatalogue()
    .find('nginx:alpine')
    .catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ImageError);
  expect(error).toHaveProperty('message', expect.stringMatching(/nginx.*busybox.*LOCAL_RUNTIME=docker/));
});

test('follows a Dockerfile from its base image on', async ({ workloads, writeWorkload }) => {
  await writeWorkload(
    'web',
    'ARG BASE=node:20\nFROM ${BASE}\nENV PORT=80 BIN=/opt\nENV PATH=$BIN/bin:$PATH\nWORKDIR /app\nWORKDIR web\nCOPY src .\nCOPY ["src/main.cjs", "/opt/entry.cjs"]\nCMD node main.cjs\n',
  );
  const image = await openImageCatalogue(workloads).find('workloads/web:latest');
  expect(image).toMatchObject({
    entryPoint: ['docker-entrypoint.sh'],
    command: ['/bin/sh', '-c', 'node main.cjs'],
    workingDirectory: '/app/web',
    environment: { PORT: '80', PATH: expect.stringMatching(/^\/opt\/bin:\/usr\/local\/sbin:/) },
  });
  const source = path.join(workloads, 'web/src/main.cjs');
  expect(image.files['/app/web/main.cjs']).toEqual({ link: source });
  expect(image.files['/opt/entry.cjs']).toEqual({ link: source });
});

const REFUSED: Record<string, { dockerfile: string; message: string }> = {
  'several stages': { dockerfile: 'FROM node AS build\nFROM node\n', message: 'it has several stages' },
  'a copy from another image': {
    dockerfile: 'FROM node\nCOPY --from=nginx /a /b\n',
    message: 'copies from another image',
  },
  'a download': {
    dockerfile: 'FROM node\nADD https://example.com/x /x\n',
    message: 'it fetches https://example.com/x',
  },
  'a source that is not there': { dockerfile: 'FROM node\nCOPY nope /x\n', message: 'copies nope, which is not in' },
  'a base image without an equivalent': { dockerfile: 'FROM nginx\n', message: 'pull access denied for nginx' },
  'no base image': { dockerfile: 'CMD true\n', message: 'must begin with FROM, not CMD' },
  'nothing in it': { dockerfile: '# later\n', message: 'has no FROM' },
};

for (const [what, { dockerfile, message }] of Object.entries(REFUSED)) {
  test(`refuses a Dockerfile with ${what}`, async ({ workloads, writeWorkload }) => {
    await writeWorkload('web', dockerfile);
    await expect(openImageCatalogue(workloads).find('workloads/web')).rejects.toThrow(message);
  });
}
