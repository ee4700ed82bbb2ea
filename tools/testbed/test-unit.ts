import type { Run } from './context.ts';
import { runPlaywright } from './playwright.ts';

/** Runs the unit tests, which need nothing but Node. */
export const testUnit: Run = (context) => runPlaywright('unit', context);
