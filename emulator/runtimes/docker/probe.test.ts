import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import { createRuntime, probeDocker } from '../index.ts';

/** A socket to listen on, to which DOCKER_HOST points meanwhile. */
const test = base.extend<{ socket: string; listen: (version: object, status?: number) => Promise<void> }>({
  socket: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'docker-probe-'));
    const before = process.env['DOCKER_HOST'];
    const socket = path.join(folder, 'docker.sock');
    process.env['DOCKER_HOST'] = `unix://${socket}`;
    await use(socket);
    if (before === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = before;
    await rm(folder, { recursive: true });
  },
  listen: async ({ socket }, use) => {
    let server: Server | undefined;
    await use(async (version, status = 200) => {
      const listening = createServer((_request, response) => response.writeHead(status).end(JSON.stringify(version)));
      server = listening;
      await new Promise<void>((resolve) => listening.listen(socket, resolve));
    });
    server?.close();
    server?.closeAllConnections();
  },
});

test('says within 50 ms where there is no daemon', async ({ socket }) => {
  const begun = performance.now();
  const probe = await probeDocker();
  expect(performance.now() - begun).toBeLessThan(50);
  expect(probe).toEqual({
    available: false,
    reason: `no Docker daemon at unix://${socket} (from DOCKER_HOST): there is no such socket`,
  });
});

test('describes the daemon that answers', async ({ socket, listen }) => {
  await listen({ Platform: { Name: '' }, Version: '28.1.0', ApiVersion: '1.49' });
  expect(await probeDocker()).toMatchObject({ available: true, description: `Docker 28.1.0 at unix://${socket}` });
});

test('does not take any server for a daemon', async ({ listen }) => {
  await listen({ message: 'what?' }, 404);
  expect(await probeDocker()).toMatchObject({
    available: false,
    reason: expect.stringContaining('answers 404 to GET /version, not as a Docker daemon'),
  });
});

test('without a daemon, auto runs processes and docker says what to do', async ({ socket }) => {
  const options = { runId: 'probe', gatewayPort: 1 };
  const runtime = await createRuntime('auto', options);
  expect(runtime.name).toBe('process');
  await runtime.close();
  await expect(createRuntime('docker', options)).rejects.toThrow(
    `no Docker daemon at unix://${socket} (from DOCKER_HOST): there is no such socket. ` +
      'Start Docker, or set LOCAL_RUNTIME=process to run containers as processes.',
  );
});
