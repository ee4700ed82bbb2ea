import { expect, test } from '@playwright/test';
import { isSameSignature } from './same-signature.ts';

test('a signature is the same only letter by letter, and another length is no error', () => {
  expect(isSameSignature('0a1b', '0a1b')).toBe(true);
  for (const other of ['0a1c', '0A1B', '0a1', '0a1b0', '', '0a1é']) {
    expect(isSameSignature(other, '0a1b'), other).toBe(false);
  }
});
