import { expect, test } from '@playwright/test';
import type { Violation } from '../../../protocols/service-model.ts';
import { describeInFramework } from './framework-refusals.ts';

const values: Violation = { path: 'returnValues', kind: 'enum', value: 'BOGUS', constraint: 'Member must … [A, B]' };

test('the framework names values of writes in its own way', () => {
  const own = 'Failed to satisfy constraint: Member must satisfy enum value set:';
  expect(describeInFramework([values])).toBe(
    `1 validation error detected: ${own} [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]`,
  );
  expect(describeInFramework([{ ...values, path: 'conditionalOperator' }])).toBe(
    `1 validation error detected: ${own} [ALL, OR]`,
  );
});

test('the framework does not show an empty name of a table, but all else', () => {
  const name: Violation = { path: 'tableName', kind: 'length', value: '', constraint: 'Member must be longer' };
  const alone = "Value at 'TableName' failed to satisfy constraint: Member must be longer";
  expect(describeInFramework([name])).toBe(`1 validation error detected: ${alone}`);
  const consumed = { ...values, path: 'returnConsumedCapacity' };
  expect(describeInFramework([consumed, { ...name, value: 'x' }])).toBe(
    "2 validation errors detected: Value 'BOGUS' at 'returnConsumedCapacity' failed to satisfy constraint: " +
      "Member must … [A, B]; Value 'x' at 'tableName' failed to satisfy constraint: Member must be longer",
  );
});
