import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { parseSettings } from '../settings.ts';
import { localstack } from './index.ts';

test('an endpoint that answers, with whatever status, is available', async () => {
  const server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    expect(await localstack.probe(parseSettings({ LOCALSTACK_ENDPOINT: endpoint }))).toEqual({
      available: true,
      description: `attached to ${endpoint}`,
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('an endpoint that nobody listens at is not, and the reason names the variable', async () => {
  // Port 1 is reserved for a service that no machine of today runs.
  const availability = await localstack.probe(parseSettings({ LOCALSTACK_ENDPOINT: 'http://127.0.0.1:1' }));

  expect(availability).toEqual({
    available: false,
    reason: expect.stringMatching(
      /^LOCALSTACK_ENDPOINT=http:\/\/127\.0\.0\.1:1 does not answer \(.+\); start the server/,
    ),
  });
});

test('without an endpoint the reason names LOCALSTACK_ENDPOINT', async () => {
  expect(await localstack.probe(parseSettings({}))).toEqual({
    available: false,
    reason: expect.stringContaining('LOCALSTACK_ENDPOINT'),
  });
});

test('it does not start without an endpoint', async () => {
  const context = { settings: parseSettings({}), runId: 'unit', parallelIndex: 0 };
  await expect(localstack.start(context)).rejects.toThrow('LOCALSTACK_ENDPOINT is not set');
});
