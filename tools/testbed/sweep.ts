import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Run } from './context.ts';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** Removes what runs left in an AWS account: `npm run sweep`, which says what it wants to be set. */
export const sweep: Run = ({ command, signal }) =>
  new Promise((resolve, reject) => {
    const args = ['--import', 'tsx', 'tools/sweep.ts', ...(command.dryRun ? ['--dry-run'] : [])];
    const child = spawn(process.execPath, args, { cwd: projectFolder, detached: true, stdio: 'inherit' });
    const interrupt = (): void => void child.kill('SIGINT');
    signal.addEventListener('abort', interrupt, { once: true });
    child.once('error', reject);
    child.once('exit', (code, name) => {
      signal.removeEventListener('abort', interrupt);
      resolve(code ?? 128 + (name ? constants.signals[name] : 0));
    });
  });
