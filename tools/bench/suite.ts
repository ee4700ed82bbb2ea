import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startNode } from './children.ts';
import { mustUndo } from './cleanup.ts';
import type { Row } from './report.ts';
import { summarize } from './statistics.ts';

/** The wall time of the local suite on a machine without Docker, the start of Playwright included. */
export async function benchSuite(rounds: number, progress: (line: string) => void): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'testbed-bench-suite-'));
  const removeFolder = mustUndo(() => rmSync(folder, { recursive: true, force: true }));
  const rows: Row[] = [];
  for (const workers of [1, 2]) {
    const row = {
      section: 'The local suite, without Docker',
      name: `${workers} worker${workers > 1 ? 's' : ''}`,
      unit: 's',
      ...(workers === 2 && { goal: { is: 'at most', value: 60 } as const }),
    } as const;
    try {
      const times: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        progress(`suite: ${row.name}, run ${round} of ${rounds}`);
        times.push(await timeSuite(workers, folder));
      }
      rows.push({ ...row, figure: summarize(times) });
    } catch (error) {
      rows.push({ ...row, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  await removeFolder();
  return rows;
}

/**
 * @returns seconds
 * @throws Error when a test fails, for the time of such a run means nothing
 */
async function timeSuite(workers: number, outputFolder: string): Promise<number> {
  const start = performance.now();
  const run = startNode(
    [
      'node_modules/@playwright/test/cli.js',
      'test',
      '--project=local',
      `--workers=${workers}`,
      '--reporter=dot',
      `--output=${outputFolder}`,
    ],
    { env: { LOCAL_RUNTIME: 'process', DOCKER_HOST: 'unix:///no-docker.sock' }, stopSignal: 'SIGINT' },
  );
  const code = await run.ended;
  const seconds = (performance.now() - start) / 1000;
  await run.stop();
  if (code !== 0) throw new Error(`the suite ended with ${code}: ${run.lastLines(3)}`);
  return seconds;
}
