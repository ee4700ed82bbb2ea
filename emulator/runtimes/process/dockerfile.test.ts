import { expect, test } from '@playwright/test';
import { assignments, commandForm, parseDockerfile, splitFlags, substitute, wordsForm } from './dockerfile.ts';

test('reads instructions over comments and continued lines', () => {
  const source =
    '# syntax=docker/dockerfile:1\nfrom node:20\n\nRUN one && \\\n  # why\n  two\nCMD ["node", "main.cjs"]\n';
  expect(parseDockerfile(source)).toEqual([
    { name: 'FROM', text: 'node:20' },
    { name: 'RUN', text: 'one &&    two' },
    { name: 'CMD', text: '["node", "main.cjs"]' },
  ]);
});

test('runs the shell form of a command through a shell', () => {
  expect(commandForm('["a", "b c"]')).toEqual(['a', 'b c']);
  expect(commandForm('a "b c"')).toEqual(['/bin/sh', '-c', 'a "b c"']);
  expect(commandForm('[ -f x ]')).toEqual(['/bin/sh', '-c', '[ -f x ]']);
});

test('splits words and flags', () => {
  expect(wordsForm('"a b" c\\ d e')).toEqual(['a b', 'c d', 'e']);
  expect(wordsForm('["a b", "c"]')).toEqual(['a b', 'c']);
  expect(splitFlags('--chown=a:b --link x y')).toEqual({ flags: ['--chown=a:b', '--link'], rest: 'x y' });
});

test('reads both forms of ENV', () => {
  expect(assignments('A=1 B="two words" C=x\\ y D=')).toEqual({ A: '1', B: 'two words', C: 'x y', D: '' });
  expect(assignments('NAME the rest of it')).toEqual({ NAME: 'the rest of it' });
});

test('substitutes variables as Docker does', () => {
  const variables = { A: 'one', EMPTY: '' };
  expect(substitute('$A ${A} ${B} ${B:-two} ${EMPTY:-three} ${A:+four} \\$A', variables)).toBe(
    'one one  two three four $A',
  );
});
