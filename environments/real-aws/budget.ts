import { appendFile, readFile } from 'node:fs/promises';

/** What a run may spend. */
export interface BudgetLimits {
  readonly tasks: number;
  readonly jobs: number;
  readonly minutes: number;
}

/** What is counted one by one. */
export type Spendable = 'tasks' | 'jobs';

/** The budget of a run, shared by its workers through a file. */
export interface Budget {
  /**
   * Takes something out of the budget, before it is made.
   *
   * @throws BudgetExceeded when there is not enough of it left, or the time is over
   */
  spend(kind: Spendable, count: number): Promise<void>;
  /** Why nothing more may be made, once something was refused or the time is over. */
  exhausted(): Promise<string | undefined>;
  /** What was spent so far, e.g. `3 of 50 tasks, 0 of 50 jobs, 2 of 60 minutes`. */
  summary(): Promise<string>;
}

/** Something costs more than is left. Its message tells what was spent. */
export class BudgetExceeded extends Error {
  override name = 'BudgetExceeded';
}

/** Where a budget is kept. */
export interface BudgetLedger {
  /** A file that need not exist. Each worker appends lines, of which each is written at once or not at all. */
  readonly file: string;
  /** When the run began, in milliseconds since 1970. */
  readonly startedAt: number;
}

const variables = { tasks: 'REAL_AWS_MAX_TASKS', jobs: 'REAL_AWS_MAX_JOBS', minutes: 'REAL_AWS_MAX_MINUTES' } as const;

/**
 * Opens the budget of a run.
 *
 * @param now tells the time, in milliseconds since 1970
 */
export function openBudget({ file, startedAt }: BudgetLedger, limits: BudgetLimits, now = Date.now): Budget {
  const read = async (): Promise<Spent> => spentOf(await readFile(file, 'utf8').catch(nothingYet));
  const tell = (spent: Spent): string => {
    const counts = (['tasks', 'jobs'] as const).map((kind) => `${spent[kind]} of ${limits[kind]} ${kind}`);
    return [...counts, `${Math.floor((now() - startedAt) / 60_000)} of ${limits.minutes} minutes`].join(', ');
  };
  const timeIsOver = (): boolean => now() - startedAt >= limits.minutes * 60_000;
  const overBy = (what: keyof typeof variables, wanted: string, spent: Spent): string =>
    `The budget of the run is used up: ${wanted}, ${variables[what]} is ${limits[what]}. Spent: ${tell(spent)}. ` +
    `Raise ${variables[what]} or select fewer tests.`;
  const exhausted = (spent: Spent): string | undefined => {
    if (timeIsOver()) return overBy('minutes', 'the time is over', spent);
    return (
      spent.refused &&
      overBy(spent.refused.kind, `${spent.refused.count} more ${spent.refused.kind} were asked for`, spent)
    );
  };

  return {
    async spend(kind, count) {
      const why = exhausted(await read());
      if (why) throw new BudgetExceeded(why);
      if (count === 0) return;
      // First it is taken, then looked whether it was there: two workers can be refused the last one, never both get it.
      await appendFile(file, `${kind} ${count}\n`);
      if ((await read())[kind] <= limits[kind]) return;
      await appendFile(file, `${kind} ${-count}\nrefused ${kind} ${count}\n`);
      throw new BudgetExceeded(exhausted(await read()));
    },
    exhausted: async () => exhausted(await read()),
    summary: async () => tell(await read()),
  };
}

interface Spent extends Record<Spendable, number> {
  readonly refused?: { readonly kind: Spendable; readonly count: number };
}

function spentOf(ledger: string): Spent {
  const sum = (kind: Spendable): number =>
    [...ledger.matchAll(new RegExp(`^${kind} (-?\\d+)$`, 'gm'))].reduce((total, [, count]) => total + Number(count), 0);
  const [, kind, count] = /^refused (tasks|jobs) (\d+)$/m.exec(ledger) ?? [];
  return {
    tasks: sum('tasks'),
    jobs: sum('jobs'),
    ...(kind && { refused: { kind: kind === 'jobs' ? 'jobs' : 'tasks', count: Number(count) } }),
  };
}

function nothingYet(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
