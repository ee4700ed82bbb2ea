import type { Tag } from '@aws-sdk/client-ecs';
import { expect, test } from '@playwright/test';
import { setTags, validateTags } from './rules.ts';

const arn = 'arn:aws:ecs:us-east-1:123456789012:task/default/1';

function tags(count: number): Tag[] {
  return Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: '' }));
}

test('the tags of AWS do not count towards the fifty', () => {
  const state = { tags: new Map([[arn, [{ key: 'aws:ecs:clusterName', value: 'default' }]]]) };
  setTags(state, arn, tags(50));
  expect(state.tags.get(arn)).toHaveLength(51);
  expect(() => setTags(state, arn, tags(51))).toThrow(
    expect.objectContaining({ code: 'InvalidParameterException', message: expect.stringContaining('51') }),
  );
  expect(state.tags.get(arn)).toHaveLength(51);
});

for (const [what, refused] of [
  ['a key of AWS', [{ key: 'Aws:a', value: '1' }]],
  ['a value of AWS', [{ key: 'a', value: 'AWS:1' }]],
  [
    'a key that is there twice',
    [
      { key: 'a', value: '1' },
      { key: 'a', value: '2' },
    ],
  ],
] as const) {
  test(`${what} is refused`, () => {
    expect(() => validateTags(refused)).toThrow(expect.objectContaining({ code: 'InvalidParameterException' }));
  });
}

test('keys that differ in case are two', () => {
  expect(() =>
    validateTags([
      { key: 'a', value: 'on aws:' },
      { key: 'A', value: '' },
    ]),
  ).not.toThrow();
});
