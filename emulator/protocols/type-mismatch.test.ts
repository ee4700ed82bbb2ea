import { expect, test } from '@playwright/test';
import { describeMismatch, TypeMismatch, type ExpectedType } from './type-mismatch.ts';

const text = (value: unknown, expected: ExpectedType, javaPackage?: string, path = 'a'): string =>
  describeMismatch(new TypeMismatch(path, value, expected, 'Shape'), javaPackage);

test('the older deserialiser speaks of tokens and of starts', () => {
  expect(text('1', 'Integer')).toBe('STRING_VALUE can not be converted to an Integer');
  expect(text(true, 'Integer')).toBe('TRUE_VALUE can not be converted to an Integer');
  expect(text(1, 'String')).toBe('NUMBER_VALUE can not be converted to a String');
  expect(text('now', 'Timestamp')).toBe('STRING_VALUE can not be converted to milliseconds since epoch');
  expect(text([], 'String')).toBe('Start of list found where not expected');
  expect(text({}, 'String')).toBe('Start of structure or map found where not expected.');
  expect(text('x', 'List')).toBe('Expected list or null');
  expect(text('x', 'Map')).toBe('Expected map or null');
  expect(text('x', 'Structure')).toBe('Expected null');
  expect(text('abc', 'Blob')).toContain('expected a multiple of 4 bytes but found: 3');
});

test('the newer deserialiser names Java types', () => {
  const say = (value: unknown, expected: ExpectedType, path?: string): string =>
    text(value, expected, 'com.amazonaws.example', path);
  expect(say('1', 'Integer')).toBe('STRING_VALUE cannot be converted to Integer');
  expect(say(34.5, 'String')).toBe('DECIMAL_VALUE cannot be converted to String');
  expect(say('true', 'Boolean')).toBe('Unexpected token received from parser');
  expect(say([], 'Integer')).toBe('Unrecognized collection type class java.lang.Integer');
  expect(say([], 'Structure')).toBe('Unrecognized collection type class com.amazonaws.example.Shape');
  expect(say([], 'Map')).toBe(
    'Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.example.Shape>',
  );
  expect(say({}, 'List')).toBe('Start of structure or map found where not expected');
  expect(say('x', 'Structure')).toBe('Unexpected field type');
  expect(say('x', 'Structure', 'a.1.member')).toBe('Unexpected value type in payload');
  expect(say(1, 'Blob')).toBe('only base-64-encoded strings are convertible to bytes');
});
