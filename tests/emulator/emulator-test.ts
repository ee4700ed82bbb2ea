import { randomBytes } from 'node:crypto';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { test as base } from '@playwright/test';
import { type Emulator, startEmulator } from '../../emulator/index.ts';

export { expect } from '@playwright/test';

/** What any SDK client needs to reach the emulator. */
export interface ConnectionSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

interface WorkerFixtures {
  /** An emulator of this worker's own, on the process runtime. Its tests share it: use `uniqueName`. */
  emulator: Emulator;
  /** For a client of one's own: `new STSClient({ ...connection, region: 'eu-west-1' })`; one destroys it oneself. */
  connection: ConnectionSettings;
  ecs: ECSClient;
  logs: CloudWatchLogsClient;
}

interface TestFixtures {
  /** A name that no other test has: 20 characters of a-z, 0-9 and hyphens. */
  uniqueName: string;
}

/** The test function of the emulator's contract tests: a real SDK client against a real gateway. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  emulator: [
    async ({}, use) => {
      const emulator = await startEmulator({
        account: '123456789012',
        region: 'us-east-1',
        credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'contract-test-secret' },
        verifySignatures: true,
        runtime: 'process',
        runId: `contract-${randomBytes(4).toString('hex')}`,
      });
      await use(emulator);
      await emulator.stop();
    },
    { scope: 'worker', timeout: 30_000 },
  ],
  connection: [
    async ({ emulator }, use) => {
      await use({
        endpoint: emulator.endpoint,
        region: emulator.region,
        credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'contract-test-secret' },
        // A refusal is to be seen as it is, and at once.
        maxAttempts: 1,
      });
    },
    { scope: 'worker' },
  ],
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
