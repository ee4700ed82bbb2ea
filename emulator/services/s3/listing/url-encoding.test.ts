import { expect, test } from '@playwright/test';
import { keyWriter } from './url-encoding.ts';

test('without an encoding type keys are written as they are', () => {
  expect(keyWriter(undefined)('a b+c/é%')).toBe('a b+c/é%');
});

test('url encodes as S3 documents it', () => {
  const write = keyWriter('url');
  expect(write('test_file(3).png')).toBe('test_file%283%29.png');
  expect(write('a b+c%')).toBe('a+b%2Bc%25');
  expect(write("folder/é~*-_.!'\n")).toBe('folder/%C3%A9%7E*-_.%21%27%0A');
});

test('there is no other encoding', () => {
  expect(() => keyWriter('base64')).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
});
