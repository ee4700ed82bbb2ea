import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BudgetLedger } from './budget.ts';

/** A ledger that is there until it is closed. */
export interface OpenLedger extends BudgetLedger {
  close(): Promise<void>;
}

/** Begins the ledger of a run, in a folder that nobody else can read or has made before. */
export async function openLedger(): Promise<OpenLedger> {
  const folder = await mkdtemp(path.join(tmpdir(), 'testbed-budget-'));
  return {
    file: path.join(folder, 'ledger'),
    startedAt: Date.now(),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
