import { expect, test } from '@playwright/test';
import { paginate } from './pagination.ts';

const limits = { maximum: 100 };
const letters = ['a', 'b', 'c', 'd', 'e'];

test('pages come in order and the last one has no token', () => {
  const first = paginate(letters, { maxResults: 2 }, limits);
  const second = paginate(letters, { maxResults: 2, nextToken: first.nextToken }, limits);
  const third = paginate(letters, { maxResults: 2, nextToken: second.nextToken }, limits);
  expect([first.items, second.items, third.items]).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  expect(third.nextToken).toBeUndefined();
});

test('a page that holds the rest exactly is the last one', () => {
  expect(paginate(letters, { maxResults: 5 }, limits).nextToken).toBeUndefined();
});

test('deleting the page that was read skips nothing', () => {
  const { nextToken } = paginate(letters, { maxResults: 2 }, limits);
  expect(paginate(letters.slice(2), { maxResults: 2, nextToken }, limits).items).toEqual(['c', 'd']);
});

test('an item that is deleted where the next page begins is left out', () => {
  const { nextToken } = paginate(letters, { maxResults: 2 }, limits);
  expect(paginate(['a', 'b', 'd', 'e'], { nextToken }, limits).items).toEqual(['d', 'e']);
});

test('items that are no strings are told apart by their content', () => {
  const items = letters.map((name) => ({ name }));
  const { nextToken } = paginate(items, { maxResults: 3 }, limits);
  expect(paginate(items.slice(1), { nextToken }, limits).items).toEqual([{ name: 'd' }, { name: 'e' }]);
});

for (const maxResults of [0, -1, 101]) {
  test(`a page of ${maxResults} is refused`, () => {
    expect(() => paginate(letters, { maxResults }, limits)).toThrow('between 1 and 100');
  });
}

for (const nextToken of [
  '',
  'next',
  Buffer.from('[1]').toString('base64url'),
  Buffer.from('[-1,"a","b"]').toString('base64url'),
]) {
  test(`the token '${nextToken}' is refused`, () => {
    expect(() => paginate(letters, { nextToken }, limits)).toThrow('Invalid token');
  });
}
