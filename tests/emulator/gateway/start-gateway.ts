import { systemClock } from '../../../emulator/clock.ts';
import { createCredentialStore } from '../../../emulator/credentials.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../../emulator/gateway/server.ts';
import type { ServiceModel } from '../../../emulator/protocols/service-model.ts';
import type { Operation, Service } from '../../../emulator/service.ts';
import { test as base } from '@playwright/test';
import { account, credentials } from '../credentials.ts';

export { expect } from '@playwright/test';

/** `startGateway` serves operations of the test's own; the gateway ends with the test. */
export const test = base.extend<{
  startGateway: (services: readonly Service[], change?: Partial<GatewayOptions>) => Promise<Gateway>;
}>({
  startGateway: async ({}, use) => {
    const started: Gateway[] = [];
    await use(async (services, change) => {
      const gateway = await startGateway(gatewayOptions(change));
      gateway.mount(services, []);
      started.push(gateway);
      return gateway;
    });
    await Promise.all(started.map((gateway) => gateway.close()));
  },
});

/** The options of a gateway for tests. */
export function gatewayOptions(change: Partial<GatewayOptions> = {}): GatewayOptions {
  return {
    account,
    region: 'us-east-1',
    credentials: createCredentialStore(account, credentials, systemClock),
    verifySignatures: true,
    clock: systemClock,
    ...change,
  };
}

/** A service without state that has the given operations. */
export function serviceWith(model: ServiceModel, operations: Record<string, Operation<unknown>>): Service {
  return { model, operations, state: () => undefined, reset: () => Promise.resolve() };
}
