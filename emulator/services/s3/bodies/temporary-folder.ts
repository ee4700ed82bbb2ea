import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDetachedProcess } from '../../../runtimes/detached-process.ts';

/** A folder that is only there while we are. */
export interface TemporaryFolder {
  readonly path: string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

/**
 * Makes a folder that nobody else can read, and has it removed even when this process is killed: one small
 * shell waits for the end of a pipe, which the kernel closes however we end.
 *
 * @param runId what its name says it belongs to
 */
export function makeTemporaryFolder(runId: string): TemporaryFolder {
  const folder = mkdtempSync(path.join(tmpdir(), `cloud-testbed-s3-${runId.replaceAll(/[^\w-]/g, '_')}-`));
  chmodSync(folder, 0o700);
  const shell = startDetachedProcess('/bin/sh', ['-c', SCRIPT, 'cloud-testbed-s3-bodies', folder], {
    PATH: '/usr/local/bin:/usr/bin:/bin',
  });
  return {
    path: folder,
    async remove() {
      await rm(folder, { recursive: true, force: true });
      await shell.close();
    },
  };
}

const SCRIPT = `
while read -r line; do :; done
rm -rf -- "$1"
`;
