import { expect, test } from '@playwright/test';
import type { Item } from '../values/attribute-value.ts';
import { parseProjection } from './projection.ts';
import { openScope, refuseUnused } from './scope.ts';

const item: Item = {
  pk: { S: 'p' },
  a: { M: { b: { S: 'bb' }, c: { M: { d: { N: '1' }, e: { N: '2' } } } } },
  l: { L: [{ S: 'l0' }, { M: { x: { S: 'x1' }, y: { S: 'y1' } } }, { S: 'l2' }] },
  'with.dot': { S: 'dotted' },
};

test.describe('projections pick the part of an item that they name', () => {
  const cases: readonly [string, Item][] = [
    ['pk', { pk: { S: 'p' } }],
    ['pk, #dot', { pk: { S: 'p' }, 'with.dot': { S: 'dotted' } }],
    ['nowhere', {}],
    ['a.b', { a: { M: { b: { S: 'bb' } } } }],
    ['a.c.d, a.c.e', { a: { M: { c: { M: { d: { N: '1' }, e: { N: '2' } } } } } }],
    ['a.z, pk', { pk: { S: 'p' } }],
    ['pk.z', {}],
    ['l[2], l[0]', { l: { L: [{ S: 'l0' }, { S: 'l2' }] } }],
    ['l[1].y', { l: { L: [{ M: { y: { S: 'y1' } } }] } }],
    ['l[7]', {}],
    ['l.x', {}],
    ['l[1].x, l[1].y', { l: { L: [{ M: { x: { S: 'x1' }, y: { S: 'y1' } } }] } }],
  ];
  for (const [text, part] of cases) {
    test(text, () => {
      const scope = openScope({ ExpressionAttributeNames: { '#dot': 'with.dot' } });
      expect(parseProjection(scope, text).pick(item)).toEqual(part);
    });
  }
});

test.describe('projections are refused in the words of AWS', () => {
  const cases: readonly [string, string][] = [
    ['', 'The expression can not be empty;'],
    ['pk,', 'Syntax error; token: "<EOF>", near: ","'],
    ['a b', 'Syntax error; token: "b", near: "a b"'],
    ['pk, status', 'Attribute name is a reserved keyword; reserved keyword: status'],
    ['#no', 'An expression attribute name used in the document path is not defined; attribute name: #no'],
    [
      'a, a.b',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
    ],
    [
      'a[0], a.b',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, [0]], path two: [a, b]',
    ],
  ];
  for (const [text, message] of cases) {
    test(`${text}: ${message}`, () => {
      expect(() => parseProjection(openScope({}), text)).toThrow(`Invalid ProjectionExpression: ${message}`);
    });
  }
});

test.describe('names and values of expressions', () => {
  const cases: readonly [Parameters<typeof openScope>[0], string][] = [
    [{ ExpressionAttributeNames: {} }, 'ExpressionAttributeNames must not be empty'],
    [{ ExpressionAttributeValues: {} }, 'ExpressionAttributeValues must not be empty'],
    [{ ExpressionAttributeNames: { a: 'a' } }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'],
    [
      { ExpressionAttributeNames: { '#': 'a' } },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"',
    ],
    [
      { ExpressionAttributeNames: { '#a': '' } },
      'ExpressionAttributeNames contains invalid value: Empty attribute name for key #a',
    ],
    [
      { ExpressionAttributeValues: { ':b': {}, b: { S: 'a' } } },
      'ExpressionAttributeValues contains invalid key: Syntax error; key: "b"',
    ],
    [
      { ExpressionAttributeValues: { ':b': { SS: [] } } },
      'ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: ' +
        'An string set  may not be empty for key :b',
    ],
  ];
  for (const [input, message] of cases) {
    test(message, () => expect(() => openScope(input)).toThrow(message));
  }

  test('those that no expression uses are refused by name, the names first', () => {
    const scope = openScope({
      ExpressionAttributeNames: { '#a': 'a', '#b': 'b', '#c': 'c' },
      ExpressionAttributeValues: { ':v': { S: 'v' }, ':w': { S: 'w' } },
    });
    parseProjection(scope, '#b');
    expect(() => refuseUnused(scope)).toThrow(
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #c}',
    );
    parseProjection(scope, '#a, #c');
    expect(() => refuseUnused(scope)).toThrow(
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v, :w}',
    );
    expect(() => refuseUnused(openScope({}))).not.toThrow();
  });
});
