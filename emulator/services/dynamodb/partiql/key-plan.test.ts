import { expect, test } from '@playwright/test';
import type { KeySchema } from '../storage/table-store.ts';
import { planBranches, readsOf } from './key-plan.ts';
import { parseStatement } from './parse-statement.ts';
import { checkWhere, type Predicate } from './where.ts';

const key: KeySchema = { partition: { name: 'pk', type: 'S' }, sort: { name: 'sk', type: 'N' } };

function where(text: string): Predicate | undefined {
  const { statement } = parseStatement(`SELECT * FROM t WHERE ${text}`);
  if (statement.type !== 'select' || !statement.where) throw new TypeError(`No WHERE clause: ${text}`);
  return checkWhere(statement.where, []);
}

function reads(text: string) {
  const branches = planBranches(where(text), key);
  return branches && readsOf(branches);
}

test('a partition and a range of its sort key make one read', () => {
  expect(reads("pk = 'a' AND sk > 1 AND other = 2")).toEqual([
    { partition: { S: 'a' }, sort: { operator: '>', value: { N: '1' } } },
  ]);
  expect(reads("5 >= sk AND 'a' = pk")).toEqual([
    { partition: { S: 'a' }, sort: { operator: '<=', value: { N: '5' } } },
  ]);
});

test('several keys make several reads, in the order of the keys', () => {
  const read = (partition: string, value: string) => ({
    partition: { S: partition },
    sort: { operator: '=', value: { N: value } },
  });
  expect(reads("pk IN ['b', 'a'] AND sk IN [10, 9]")).toEqual([
    read('a', '9'),
    read('a', '10'),
    read('b', '9'),
    read('b', '10'),
  ]);
});

test('a negated sort key beside other ranges makes one read of the partition', () => {
  expect(reads("pk = 'a' AND NOT sk = 1 OR pk = 'a' AND sk = 2")).toEqual([{ partition: { S: 'a' }, sort: undefined }]);
});

test('whatever does not name one partition in each branch is scanned', () => {
  for (const text of [
    "pk = 'a' OR sk = 1",
    "pk > 'a'",
    "pk = 'a' AND pk = 'b'",
    "pk.x = 'a'",
    "NOT pk = 'a'",
    'pk = other',
  ]) {
    expect(reads(text), text).toBeUndefined();
  }
});

test('branches that overlap are refused, and those that only touch are not', () => {
  const overlap = 'Overlapping conditions with range keys are not supported in where clause';
  for (const text of [
    "pk = 'a' AND (sk >= 1 OR sk <= 1)",
    "pk = 'a' AND (sk BETWEEN 1 AND 3 OR sk = 2)",
    "pk = 'a' OR pk = 'a' AND sk = 1",
    "pk = 'a' AND (sk = 1 OR other = 2)",
  ]) {
    expect(() => reads(text), text).toThrow(overlap);
  }
  expect(reads("pk = 'a' AND (sk < 1 OR sk > 1 OR sk = 1)")).toHaveLength(3);
  expect(reads("pk = 'a' AND (sk BETWEEN 1 AND 3 OR sk > 3)")).toHaveLength(2);
});

test('a condition that would take too many branches is refused before they are made', () => {
  const pair = (at: number) => `(sk = ${at} OR sk = ${-at - 1})`;
  const all = Array.from({ length: 30 }, (_, at) => pair(at)).join(' AND ');
  expect(() => reads(`pk = 'a' AND ${all}`)).toThrow('Too many decomposed read operations for a given query.');
});
