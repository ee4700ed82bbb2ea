import { expect, test } from '@playwright/test';
import { readCoverage, renderCoverage } from './coverage.ts';

test('docs/coverage.md tells what the emulator implements; if it does not, npm run generate:coverage writes it anew', () => {
  expect(readCoverage()).toBe(renderCoverage());
});
