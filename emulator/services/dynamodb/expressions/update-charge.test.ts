import { expect, test } from '@playwright/test';
import { openScope } from './scope.ts';
import { parseUpdate } from './update.ts';

const base = 3;
const values = {
  ':s': { S: 'y'.repeat(10) },
  ':n': { N: '1' },
  ':l': { L: [{ S: 'y'.repeat(10) }] },
  ':t': { SS: ['yy'] },
};

function charge(text: string): number | undefined {
  const used = Object.entries(values).filter(([reference]) => text.includes(reference));
  const ExpressionAttributeValues = used.length > 0 ? Object.fromEntries(used) : undefined;
  return parseUpdate(openScope({ ExpressionAttributeValues }), text).charge;
}

test.describe('an update expression counts with what it writes and so much for each action', () => {
  const cases: readonly [string, number][] = [
    ['SET b = :s', 19 + 1 + 10],
    ['SET b = :s, c = :s', 2 * (19 + 1 + 10)],
    ['SET m.leaf = :s', 19 + (1 + 4 + 4) + 10],
    ['SET m[10] = :s', 19 + (1 + 4 + 2) + 10],
    ['SET b = elder', 19 + 1 + (1 + 14 + 5)],
    ['SET b = m.z[10]', 19 + 1 + (1 + 3 * 14 + 1 + 1 + 2)],
    ['SET n = n + :n', 19 + 1 + 34 + (1 + 14 + 1) + 2],
    ['SET n = n - :n', 19 + 1 + 37 + (1 + 14 + 1) + 2],
    ['SET b = if_not_exists(b, :s)', 19 + 1 + 39 + (1 + 14 + 1) + 10],
    ['SET l = list_append(l, :l)', 19 + 1 + 37 + (1 + 14 + 1) + (3 + 1 + 10)],
    ['ADD tt :t', 19 + 2 + 2],
    ['DELETE tt :t', 1 + 2],
    ['REMOVE m.leaf', 1 + 1 + 4 + 4],
    ['SET b = :s REMOVE r', 19 + 1 + 10 + 1 + 1],
  ];
  for (const [text, expected] of cases) {
    test(text, () => expect(charge(text)).toBe(base + expected));
  }
});
