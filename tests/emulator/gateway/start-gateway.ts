import { systemClock } from '../../../emulator/clock.ts';
import { createCredentialStore } from '../../../emulator/credentials.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../../emulator/gateway/server.ts';
import type { ServiceModel } from '../../../emulator/protocols/service-model.ts';
import type { Operation, Service } from '../../../emulator/service.ts';
import { test as base } from '@playwright/test';
import { credentials } from '../credentials.ts';

export { expect } from '@playwright/test';

/** `startGateway` serves operations of the test's own; the gateway ends with the test. */
export const test = base.extend<{
  startGateway: (services: readonly Service[], change?: Partial<GatewayOptions>) => Promise<Gateway>;
}>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the fixture's needs from the pattern
  startGateway: async ({}, use) => {
    const started: Gateway[] = [];
    await use(async (services, change) => {
      const gateway = await startGateway({
        account: '123456789012',
        region: 'us-east-1',
        credentials: createCredentialStore('123456789012', credentials, systemClock),
        verifySignatures: true,
        clock: systemClock,
        ...change,
      });
      gateway.mount(services, []);
      started.push(gateway);
      return gateway;
    });
    await Promise.all(started.map((gateway) => gateway.close()));
  },
});

/** A service without state that has the given operations. */
export function serviceWith(model: ServiceModel, operations: Record<string, Operation<unknown>>): Service {
  return { model, operations, state: () => undefined, reset: () => Promise.resolve() };
}
