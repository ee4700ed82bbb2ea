import { expect, test } from '@playwright/test';
import { array, assert, constantFrom, property } from 'fast-check';
import { like } from './policy-terms.ts';

for (const { pattern, text, is } of [
  { pattern: '', text: '', is: true },
  { pattern: '', text: 'a', is: false },
  { pattern: '*', text: '', is: true },
  { pattern: '?', text: '', is: false },
  { pattern: 'a?c', text: 'abc', is: true },
  { pattern: 'a?c', text: 'ac', is: false },
  { pattern: 'a*c', text: 'abcbc', is: true },
  { pattern: 'a*c', text: 'abcb', is: false },
  { pattern: 'a.c', text: 'abc', is: false },
  { pattern: '*/logs/*.gz', text: 'arn:aws:s3:::b/logs/2026/logs/x.gz', is: true },
  { pattern: 'line*end', text: 'line\nend', is: true },
]) {
  test(`"${pattern}" ${is ? 'takes' : 'does not take'} ${JSON.stringify(text)}`, () => {
    expect(like(pattern, text)).toBe(is);
  });
}

// Each star tried at each place would be more steps than there is time.
test('many stars in front of what is not there do not match', () => {
  const text = 'a'.repeat(1_024);
  expect(like(`${'*a'.repeat(100)}z`, text)).toBe(false);
  expect(like(`${'*'.repeat(1_000)}z`, text)).toBe(false);
  expect(like('*a'.repeat(100), text)).toBe(true);
});

test('short patterns match what a regular expression says', () => {
  const characters = array(constantFrom('a', 'b', '*', '?'), { maxLength: 6 });
  assert(
    property(characters, array(constantFrom('a', 'b'), { maxLength: 8 }), (pattern, text) => {
      const source = pattern.join('').replaceAll('?', '.').replaceAll('*', '.*');
      expect(like(pattern.join(''), text.join(''))).toBe(new RegExp(`^${source}$`).test(text.join('')));
    }),
  );
});
