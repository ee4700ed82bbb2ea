import { startProgram } from './children.ts';
import type { Row } from './report.ts';
import { summarize } from './statistics.ts';

/** How long a worker waits for its environment; each run in a fresh process, as a worker is one. */
export async function benchStart(rounds: number, progress: (line: string) => void): Promise<Row[]> {
  const section = 'Environment ready, per worker';
  const imports: number[] = [];
  const ready: number[] = [];
  const answered: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    progress(round === 0 ? 'start: warming up' : `start: run ${round} of ${rounds}`);
    const probe = startProgram('tools/bench/start-probe.ts');
    const [, importing, starting, answering] = await probe.line(
      /^imported in ([\d.]+) ms, ready in ([\d.]+) ms, DynamoDB answered after ([\d.]+) ms$/,
      30_000,
    );
    await probe.stop();
    if (round === 0) continue;
    imports.push(Number(importing));
    ready.push(Number(starting));
    answered.push(Number(answering));
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
    {
      section,
      name: 'until its DynamoDB has answered a first call',
      figure: summarize(answered),
      unit: 'ms',
      note: 'after imports',
      goal: { is: 'at most', value: 50 },
    },
    { section, name: 'imports before it', figure: summarize(imports), unit: 'ms' },
  ];
}
