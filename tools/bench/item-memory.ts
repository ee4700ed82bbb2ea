import { startNode } from './children.ts';
import type { Row } from './report.ts';
import { summarize } from './statistics.ts';

const FEW = 10_000;
const MANY = 100_000;

/** What an item in a table takes of the emulator's memory; more items must not make each one dearer. */
export async function benchItemMemory(progress: (line: string) => void): Promise<Row[]> {
  const section = 'Memory of stored items';
  progress(`data: ${MANY} items into DynamoDB`);
  const args = ['--expose-gc', '--import', 'tsx', 'tools/bench/item-memory-probe.ts', String(FEW), String(MANY)];
  const probe = startNode(args);
  try {
    const [few, many] = await Promise.all(
      [FEW, MANY].map(async (count) => {
        const [, bytes] = await probe.line(new RegExp(`^${count} items: (\\d+) bytes each$`), 300_000);
        return Number(bytes);
      }),
    );
    if (few === undefined || many === undefined) throw new Error('the probe printed nothing');
    const item = { section, unit: 'B', note: 'of about 250 bytes, as DynamoDB counts them' } as const;
    return [
      { ...item, name: `an item among ${FEW}`, figure: summarize([few]) },
      { ...item, name: `an item among ${MANY}`, figure: summarize([many]) },
      {
        section,
        name: 'the one to the other (1 is linear)',
        figure: summarize([many / few]),
        unit: '×',
        goal: { is: 'at most', value: 1.1 },
      },
    ];
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return [{ section, name: 'an item', unit: 'B', problem }];
  } finally {
    await probe.stop();
  }
}
