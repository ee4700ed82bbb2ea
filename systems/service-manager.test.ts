import { expect, test } from '@playwright/test';
import { revisionBefore } from './service-manager.ts';

const arn = 'arn:aws:ecs:us-east-1:000000000000:task-definition/web';

test('the revision before one has the number before', () => {
  expect(revisionBefore(`${arn}:10`)).toBe(`${arn}:9`);
});

test('there is none before the first', () => {
  expect(() => revisionBefore(`${arn}:1`)).toThrow(`There is no revision before ${arn}:1.`);
});
