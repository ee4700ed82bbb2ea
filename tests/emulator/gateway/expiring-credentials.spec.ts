import { manualClock } from '../../../emulator/clock.ts';
import { createCredentialStore } from '../../../emulator/credentials.ts';
import { createStsService } from '../../../emulator/services/sts/index.ts';
import { credentials as keys } from '../credentials.ts';
import { send, signInHeader, type Signer, type WireRequest } from '../auth/wire-request.ts';
import { expect, test } from './start-gateway.ts';

const query: WireRequest = {
  method: 'POST',
  path: '/',
  query: {},
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'Action=GetCallerIdentity&Version=2011-06-15',
};

test('temporary credentials end when they expire, and the account’s own never do', async ({ startGateway }) => {
  const clock = manualClock();
  const credentials = createCredentialStore('123456789012', keys, clock);
  const gateway = await startGateway([createStsService({ credentials }) as never], { credentials, clock });
  const { host } = new URL(gateway.endpoint);
  const issued = credentials.issue({ arn: 'arn:aws:iam::123456789012:user/a', userId: 'A', durationSeconds: 900 });
  const call = async (signer: Omit<Signer, 'service' | 'date'>): Promise<unknown> => {
    const signed = await signInHeader(query, { ...signer, service: 'sts', date: new Date(clock.now()) }, host);
    return send(gateway.endpoint, signed);
  };

  clock.advance(899_000);
  expect(await call(issued)).toMatchObject({ status: 200 });
  clock.advance(1_000);
  expect(await call(issued)).toMatchObject({
    status: 403,
    code: 'ExpiredToken',
    message: 'The security token included in the request is expired',
  });
  clock.advance(30 * 86_400_000);
  expect(await call(keys)).toMatchObject({ status: 200 });
});
