import { ECSClient } from '@aws-sdk/client-ecs';
import type { FaultRuleInput, ListedFault } from '../../../emulator/index.ts';
import { clientConfig, expect, test as base } from '../start-emulator.ts';
import type { Emulator } from '../../../emulator/index.ts';

export { clientConfig, expect };
export { account, credentials } from '../start-emulator.ts';

/** `emulator` is the test's own, so that faults for everybody meet nobody else. */
export const test = base.extend<{
  own: Emulator;
  /** Makes one attempt per call. */
  ecs: ECSClient;
  /** Asks the control routes. */
  control: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;
  inject: (rule: FaultRuleInput) => ListedFault;
}>({
  own: async ({ startAnother }, use) => use(await startAnother()),
  ecs: async ({ own }, use) => {
    const client = new ECSClient(clientConfig(own));
    await use(client);
    client.destroy();
  },
  control: async ({ own }, use) => {
    await use(async (method, path, body) => {
      const response = await fetch(`${own.endpoint}/_testbed${path}`, {
        method,
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    });
  },
  inject: async ({ own }, use) => use((rule) => own.faults.inject(rule)),
});

/** What a call throws. */
export async function failureOf(call: Promise<unknown>): Promise<Record<string, unknown> & Error> {
  return call.then(
    () => {
      throw new Error('The call succeeded.');
    },
    (error: unknown) => error as Record<string, unknown> & Error,
  );
}
