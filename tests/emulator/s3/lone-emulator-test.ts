import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { type PrintingChild, startNode } from '../../support/printing-child.ts';
import { test as base } from './s3-test.ts';

export { expect } from './s3-test.ts';

/** An emulator in a process of its own. */
export interface LoneEmulator {
  readonly process: PrintingChild;
  /** For a client of one's own. */
  readonly settings: S3ClientConfig;
  readonly s3: S3Client;
  /** Where it keeps its temporary files, and nobody else does. */
  readonly temporaryFolder: string;
}

const project = path.resolve(import.meta.dirname, '../../..');

/** The test function of contract tests about the emulator's process: `lone` is for one test. */
export const test = base.extend<{ lone: LoneEmulator }>({
  lone: async ({}, use) => {
    const temporaryFolder = await mkdtemp(path.join(tmpdir(), 'lone-emulator-'));
    const child = startNode(['--import', 'tsx', 'emulator/main.ts', '--port', '0', '--runtime', 'process'], {
      cwd: project,
      env: { ...process.env, TMPDIR: temporaryFolder },
    });
    try {
      const [, endpoint = ''] = /AWS_ENDPOINT_URL=(\S+)/.exec(await child.printed('AWS_SECRET_ACCESS_KEY')) ?? [];
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const settings = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
      const s3 = new S3Client(settings);
      await use({ process: child, settings, s3, temporaryFolder });
      s3.destroy();
    } finally {
      await child.stop();
      await rm(temporaryFolder, { recursive: true, force: true });
    }
  },
});
