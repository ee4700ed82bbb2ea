import { startProgram } from './children.ts';
import type { Row } from './report.ts';
import { summarize } from './statistics.ts';

/** How long a worker waits for its environment; each run in a fresh process, as a worker is one. */
export async function benchStart(rounds: number, progress: (line: string) => void): Promise<Row[]> {
  const section = 'Environment ready, per worker';
  const imports: number[] = [];
  const ready: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    progress(round === 0 ? 'start: warming up' : `start: run ${round} of ${rounds}`);
    const probe = startProgram('tools/bench/start-probe.ts');
    const [, importing, starting] = await probe.line(/^imported in ([\d.]+) ms, ready in ([\d.]+) ms$/, 30_000);
    await probe.stop();
    if (round === 0) continue;
    imports.push(Number(importing));
    ready.push(Number(starting));
  }
  return [
    {
      section,
      name: 'startEmulator, process runtime',
      figure: summarize(ready),
      unit: 'ms',
      note: 'after imports',
      goal: { is: 'at most', value: 100 },
    },
    { section, name: 'imports before it', figure: summarize(imports), unit: 'ms' },
  ];
}
