import { randomBytes } from 'node:crypto';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { clientConfig, test as base } from './start-emulator.ts';

export { expect } from './start-emulator.ts';

/** What any SDK client needs to reach the emulator. */
export type ConnectionSettings = ReturnType<typeof clientConfig>;

interface WorkerFixtures {
  /** For a client of one's own: `new STSClient({ ...connection, region: 'eu-west-1' })`; one destroys it oneself. */
  connection: ConnectionSettings;
  ecs: ECSClient;
  logs: CloudWatchLogsClient;
}

interface TestFixtures {
  /** A name that no other test has: 20 characters of a-z, 0-9 and hyphens. */
  uniqueName: string;
}

/**
 * The test function of contract tests that call services: real SDK clients against the worker's
 * `emulator`. The tests of a worker share it, so each names its resources after its `uniqueName`.
 */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  connection: [async ({ emulator }, use) => use(clientConfig(emulator)), { scope: 'worker' }],
  ecs: [
    async ({ connection }, use) => {
      const client = new ECSClient(connection);
      await use(client);
      client.destroy();
    },
    { scope: 'worker' },
  ],
  logs: [
    async ({ connection }, use) => {
      const client = new CloudWatchLogsClient(connection);
      await use(client);
      client.destroy();
    },
    { scope: 'worker' },
  ],
  uniqueName: async ({}, use) => {
    await use(`test-${randomBytes(8).toString('hex').slice(0, 15)}`);
  },
});
