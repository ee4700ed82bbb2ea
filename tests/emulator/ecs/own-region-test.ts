import { ECSClient } from '@aws-sdk/client-ecs';
import { test as base } from '../emulator-test.ts';

export { expect } from '../emulator-test.ts';

interface TestFixtures {
  /** A region that no other test uses: what ECS lists and keeps by default there is the test's own. */
  region: string;
  client: ECSClient;
}

/** The test function for what ECS keeps per account and region. */
export const test = base.extend<TestFixtures>({
  region: async ({ uniqueName }, use) => {
    await use(uniqueName);
  },
  client: async ({ connection, region }, use) => {
    const client = new ECSClient({ ...connection, region });
    await use(client);
    client.destroy();
  },
});

/** The error that a call ends with. */
export async function refusalOf(call: Promise<unknown>): Promise<{ readonly name: string; readonly message: string }> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) throw new Error(`The call was not refused; it answered ${JSON.stringify(outcome.value)}`);
  if (!(outcome.error instanceof Error)) throw new Error('The call threw no Error');
  return { name: outcome.error.name, message: outcome.error.message };
}
