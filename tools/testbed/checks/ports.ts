import { keptEnvironments } from '../kept/index.ts';
import { isFree, usualPort } from '../kept/port.ts';
import { keptNames, readRecord } from '../state-folder.ts';
import type { CheckContext, Finding } from './check.ts';

/** Looks who has the port that `start` takes unless told another. Runs of tests take free ones. */
export async function checkPorts({ environment, folder, settings }: CheckContext): Promise<Finding[]> {
  if (environment === 'real-aws') return [];
  const name = `port ${usualPort}`;
  if (await isFree(usualPort)) return [{ name, status: 'ok', found: 'free' }];
  for (const kept of keptNames) {
    const record = readRecord(folder, kept);
    if (record?.endpoint === undefined || new URL(record.endpoint).port !== String(usualPort)) continue;
    const condition = await keptEnvironments[kept]
      .inspect(record, { folder, settings, tell: () => {} })
      .catch(() => undefined);
    if (condition && condition.state !== 'gone') return [{ name, status: 'ok', found: `${kept} listens there` }];
  }
  const remedy = '`testbed start` takes a free port then; stop the other program to have this one';
  return [{ name, status: 'warning', found: 'taken by another program', remedy }];
}
