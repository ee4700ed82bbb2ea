import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startNode } from './children.ts';
import { mustUndo } from './cleanup.ts';
import type { Row } from './report.ts';
import { summarize } from './statistics.ts';

/** The wall time of the local suite on the process runtime, the start of Playwright included. */
export async function benchSuite(rounds: number, progress: (line: string) => void): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'testbed-bench-suite-'));
  const removeFolder = mustUndo(() => rmSync(folder, { recursive: true, force: true }));
  const rows: Row[] = [];
  for (const workers of [1, 2]) {
    const times: number[] = [];
    const exits = new Set<number | NodeJS.Signals>();
    for (let round = 1; round <= rounds; round += 1) {
      progress(`suite: ${workers} worker(s), run ${round} of ${rounds}`);
      const start = performance.now();
      const run = startNode(
        [
          'node_modules/@playwright/test/cli.js',
          'test',
          '--project=local',
          `--workers=${workers}`,
          '--reporter=dot',
          `--output=${folder}`,
        ],
        { env: { LOCAL_RUNTIME: 'process' }, stopSignal: 'SIGINT' },
      );
      exits.add(await run.ended);
      times.push((performance.now() - start) / 1000);
      await run.stop();
    }
    rows.push({
      section: 'The local suite, process runtime',
      name: `${workers} worker${workers > 1 ? 's' : ''}`,
      figure: summarize(times),
      unit: 's',
      note: exits.size === 1 && exits.has(0) ? 'all passed' : `some runs failed (exit ${[...exits].join(', ')})`,
      ...(workers === 2 && { goal: { is: 'at most', value: 60 } as const }),
    });
  }
  await removeFolder();
  return rows;
}
