import { createServer } from 'node:net';
import { once } from 'node:events';
import { stsModel } from '../../../emulator/services/sts/model.ts';
import { expect, serviceWith, test } from './start-gateway.ts';

const identity = { Account: '1', Arn: 'arn:aws:iam::1:user/a', UserId: 'A' };
const query = 'Action=GetCallerIdentity&Version=2011-06-15';

test('a second listener serves the same on the same port, and closes with the first', async ({ startGateway }) => {
  const service = serviceWith(stsModel, { GetCallerIdentity: () => identity });
  const gateway = await startGateway([service], { verifySignatures: false });
  await gateway.listenOn('127.0.0.2');
  const there = `http://127.0.0.2:${gateway.port}/?${query}`;
  expect((await fetch(there)).status).toBe(200);
  expect((await fetch(`${gateway.endpoint}/?${query}`)).status).toBe(200);
  expect(gateway.trace.calls()).toHaveLength(2);
  await gateway.close();
  await expect(fetch(there)).rejects.toThrow('fetch failed');
});

test('a port that is taken on the second address is named', async ({ startGateway }) => {
  const gateway = await startGateway([]);
  const other = createServer().listen(gateway.port, '127.0.0.2');
  await once(other, 'listening');
  await expect(gateway.listenOn('127.0.0.2')).rejects.toThrow(`port ${gateway.port} on 127.0.0.2 is taken`);
  other.close();
});

test('an address that this machine does not have is named', async ({ startGateway }) => {
  const gateway = await startGateway([]);
  await expect(gateway.listenOn('192.0.2.1')).rejects.toThrow(/cannot listen on 192\.0\.2\.1:\d+: .*EADDRNOTAVAIL/);
});
