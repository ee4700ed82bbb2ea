import { expect, test } from '@playwright/test';
import { remembering } from './syntax-memory.ts';

test('a text is read once', () => {
  const read: string[] = [];
  const recall = remembering((text) => {
    read.push(text);
    return { text };
  });
  expect(recall('a')).toBe(recall('a'));
  expect(recall('b')).toEqual({ text: 'b' });
  expect(read).toEqual(['a', 'b']);
});

test('only so many texts are remembered, the latest ones', () => {
  let reads = 0;
  const recall = remembering((text) => ({ text, read: ++reads }));
  for (let index = 0; index < 501; index++) recall(String(index));
  recall('500');
  expect(reads).toBe(501);
  recall('0');
  expect(reads).toBe(502);
});

test('a refusal is not remembered', () => {
  let reads = 0;
  const recall = remembering((): string => {
    reads++;
    throw new Error('no');
  });
  expect(() => recall('a')).toThrow('no');
  expect(() => recall('a')).toThrow('no');
  expect(reads).toBe(2);
});
