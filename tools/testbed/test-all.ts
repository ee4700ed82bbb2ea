import type { Run } from './context.ts';
import { testUnit } from './test-unit.ts';
import { test } from './test.ts';

/** Runs the unit tests, then the scenarios, also when a unit test failed: both are told. */
export const testAll: Run = async (context) => {
  const unit = await testUnit(context);
  if (context.signal.aborted) return unit;
  const scenarios = await test(context);
  return unit === 0 ? scenarios : unit;
};
