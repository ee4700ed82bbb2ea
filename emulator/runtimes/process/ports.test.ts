import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@playwright/test';
import { reservePort } from './ports.ts';

const HTTP = { containerPort: 80, protocol: 'tcp' } as const;

test('never gives a port twice before it is released', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, async () => reservePort(HTTP)));
  try {
    expect(new Set(ports.map(({ hostPort }) => hostPort)).size).toBe(50);
  } finally {
    for (const port of ports) port.release();
  }
});

test('leaves the port free for the container to bind', async () => {
  const port = await reservePort(HTTP);
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port.hostPort, '0.0.0.0', resolve);
    });
    expect(server.listening).toBe(true);
  } finally {
    server.close();
    port.release();
  }
});

test('gives a wanted port, once', async () => {
  const found = await reservePort(HTTP);
  found.release();
  const wanted = { ...HTTP, hostPort: found.hostPort };
  const port = await reservePort(wanted);
  expect(port).toMatchObject({ bindIP: '127.0.0.1', containerPort: 80, hostPort: found.hostPort, protocol: 'tcp' });
  const message = `Bind for 127.0.0.1:${found.hostPort} failed: port is already allocated`;
  await expect(reservePort(wanted)).rejects.toThrow(message);
  port.release();
  (await reservePort(wanted)).release();
});

test('refuses a wanted port on which somebody listens', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: hostPort } = server.address() as AddressInfo;
  try {
    await expect(reservePort({ ...HTTP, hostPort })).rejects.toThrow('port is already allocated');
  } finally {
    server.close();
  }
});

test('reserves UDP ports too', async () => {
  const ports = await Promise.all([
    reservePort({ containerPort: 53, protocol: 'udp' }),
    reservePort({ containerPort: 53, protocol: 'udp' }),
  ]);
  expect(ports[0].hostPort).not.toBe(ports[1].hostPort);
  for (const port of ports) port.release();
});
