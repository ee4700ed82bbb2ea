import { expect, test } from '@playwright/test';
import { compilePattern } from './patterns.ts';

test('a pattern must match the whole value', () => {
  const pattern = compilePattern('[a-z]+|[0-9]+');
  expect(pattern.test('abc')).toBe(true);
  expect(pattern.test('123')).toBe(true);
  expect(pattern.test('abc1')).toBe(false);
  expect(pattern.test('1abc')).toBe(false);
});

test('Unicode categories mean what they mean in Java', () => {
  const tagKey = compilePattern(String.raw`^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$`);
  expect(tagKey.test('Größe 1')).toBe(true);
  expect(tagKey.test('p{L}!')).toBe(false);
});

test('POSIX classes of Java work inside and outside of brackets', () => {
  const printable = compilePattern(String.raw`\p{Print}+`);
  expect(printable.test('a b~')).toBe(true);
  expect(printable.test('é')).toBe(false);
  expect(compilePattern(String.raw`[\p{Alnum}_]+`).test('aZ9_')).toBe(true);
  expect(compilePattern(String.raw`[\p{Alnum}_]+`).test('a-b')).toBe(false);
});

test('a hyphen between a class and a character is a hyphen, as in Java', () => {
  expect(compilePattern(String.raw`[\w-_]*`).test('a-b_c')).toBe(true);
});

test('what JavaScript cannot express is refused rather than misread', () => {
  expect(() => compilePattern(String.raw`\p{IsGreekAndCoptic}-[\w-_]`)).toThrow(SyntaxError);
  expect(() => compilePattern('(?>atomic)')).toThrow(SyntaxError);
});
