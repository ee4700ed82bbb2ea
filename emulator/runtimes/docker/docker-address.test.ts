import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import { dockerAddresses } from './docker-address.ts';

const test = base.extend<{ config: string }>({
  config: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'docker-config-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

async function writeContext(config: string, name: string, host: string): Promise<void> {
  const folder = path.join(config, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
}

test('takes DOCKER_HOST and nothing else when it is set', () => {
  expect(dockerAddresses({ DOCKER_HOST: 'unix:///run/other.sock', DOCKER_CONTEXT: 'ignored' })).toEqual([
    { url: 'unix:///run/other.sock', socketPath: '/run/other.sock', source: 'DOCKER_HOST' },
  ]);
  expect(
    dockerAddresses({ DOCKER_HOST: 'tcp://docker.test:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' }),
  ).toEqual([
    { url: 'tcp://docker.test:2376', host: 'docker.test', port: 2376, tlsFolder: '/certs', source: 'DOCKER_HOST' },
  ]);
});

test('refuses an address that it cannot use, by name', () => {
  expect(() => dockerAddresses({ DOCKER_HOST: 'ssh://me@there' })).toThrow('ssh://me@there');
});

test('follows the current context, unless DOCKER_CONTEXT names another', async ({ config }) => {
  await writeFile(path.join(config, 'config.json'), JSON.stringify({ currentContext: 'colima' }));
  await writeContext(config, 'colima', 'unix:///colima/docker.sock');
  await writeContext(config, 'other', 'tcp://127.0.0.1:2375');
  expect(dockerAddresses({ DOCKER_CONFIG: config })).toEqual([
    { url: 'unix:///colima/docker.sock', socketPath: '/colima/docker.sock', source: 'the Docker context colima' },
  ]);
  expect(dockerAddresses({ DOCKER_CONFIG: config, DOCKER_CONTEXT: 'other' })).toMatchObject([
    { host: '127.0.0.1', port: 2375 },
  ]);
  expect(() => dockerAddresses({ DOCKER_CONFIG: config, DOCKER_CONTEXT: 'missing' })).toThrow(
    'the Docker context missing',
  );
});

test('tries the usual sockets when nothing is set', ({ config }) => {
  const sockets = dockerAddresses({ DOCKER_CONFIG: config, XDG_RUNTIME_DIR: '/run/user/7' }).map(
    ({ socketPath }) => socketPath,
  );
  expect(sockets.slice(0, 2)).toEqual(['/var/run/docker.sock', '/run/user/7/docker.sock']);
});
