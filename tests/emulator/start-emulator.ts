import { test as base } from '@playwright/test';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/index.ts';
import { account, credentials } from './credentials.ts';

export { expect } from '@playwright/test';
export { account, credentials };

/** The options of an emulator for tests, on the process runtime. */
export function emulatorOptions(change: Partial<EmulatorOptions> = {}): EmulatorOptions {
  return {
    account,
    region: 'us-east-1',
    credentials,
    verifySignatures: true,
    runtime: 'process',
    runId: `contract-${process.pid}`,
    ...change,
  };
}

/** What an SDK client needs to call it. */
export function clientConfig(emulator: Emulator): {
  endpoint: string;
  region: string;
  credentials: typeof credentials;
  maxAttempts: number;
} {
  return { endpoint: emulator.endpoint, region: emulator.region, credentials, maxAttempts: 1 };
}

/** `emulator` is shared by the tests of a worker; `startAnother` starts one that ends with its test. */
export const test = base.extend<
  { startAnother: (change?: Partial<EmulatorOptions>) => Promise<Emulator> },
  { emulator: Emulator }
>({
  emulator: [
    async ({}, use) => {
      const emulator = await startEmulator(emulatorOptions());
      await use(emulator);
      await emulator.stop();
    },
    { scope: 'worker' },
  ],
  startAnother: async ({}, use) => {
    const started: Emulator[] = [];
    await use(async (change) => {
      const emulator = await startEmulator(emulatorOptions(change));
      started.push(emulator);
      return emulator;
    });
    await Promise.all(started.map((emulator) => emulator.stop()));
  },
});
