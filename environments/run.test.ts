import { expect, test } from '@playwright/test';
import { ensureRunId } from './run.ts';

for (const given of [{}, { TESTBED_RUN_ID: '' }, { TESTBED_RUN_ID: ' ' }]) {
  test(`a run with the variables ${JSON.stringify(given)} gets an id, and leaves it to its workers`, () => {
    const variables: NodeJS.ProcessEnv = { ...given };
    const runId = ensureRunId(variables);

    expect(runId).toMatch(/^[0-9a-f]{8}$/);
    expect(variables).toEqual({ TESTBED_RUN_ID: runId });
    expect(ensureRunId(variables)).toBe(runId);
  });
}

test('the id that somebody chose is kept', () => {
  expect(ensureRunId({ TESTBED_RUN_ID: 'nightly7' })).toBe('nightly7');
});

test('an id that would not fit into names is refused', () => {
  expect(() => ensureRunId({ TESTBED_RUN_ID: 'My Run' })).toThrow('TESTBED_RUN_ID is "My Run"; accepted: 1 to 16');
});
