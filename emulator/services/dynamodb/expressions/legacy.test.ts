import type { AttributeValueUpdate, Condition, ExpectedAttributeValue } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@playwright/test';
import type { Item } from '../values/attribute-value.ts';
import { conditionOfExpected, conditionOfFilter, projectionOf, refuseMixedParameters, updateOf } from './legacy.ts';

const item: Item = {
  s: { S: 'apple' },
  n: { N: '10' },
  ss: { SS: ['a', 'b'] },
  l: { L: [{ S: 'x' }] },
  flag: { BOOL: false },
};

const invalid = 'One or more parameter values were invalid: ';

test.describe('filters hold as their ComparisonOperator says', () => {
  const cases: readonly [string, Condition, boolean][] = [
    ['s', { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'apple' }] }, true],
    ['s', { ComparisonOperator: 'EQ', AttributeValueList: [{ N: '1' }] }, false],
    ['s', { ComparisonOperator: 'NE', AttributeValueList: [{ N: '1' }] }, true],
    ['z', { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'apple' }] }, false],
    ['z', { ComparisonOperator: 'NE', AttributeValueList: [{ S: 'apple' }] }, true],
    ['n', { ComparisonOperator: 'EQ', AttributeValueList: [{ N: '10.0' }] }, true],
    ['n', { ComparisonOperator: 'LT', AttributeValueList: [{ N: '9' }] }, false],
    ['n', { ComparisonOperator: 'LE', AttributeValueList: [{ N: '10' }] }, true],
    ['n', { ComparisonOperator: 'GT', AttributeValueList: [{ N: '9' }] }, true],
    ['n', { ComparisonOperator: 'GE', AttributeValueList: [{ S: '9' }] }, false],
    ['n', { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ N: '9' }, { N: '10' }] }, true],
    ['n', { ComparisonOperator: 'IN', AttributeValueList: [{ N: '1' }, { N: '10' }] }, true],
    ['s', { ComparisonOperator: 'NOT_NULL' }, true],
    ['z', { ComparisonOperator: 'NOT_NULL' }, false],
    ['z', { ComparisonOperator: 'NULL', AttributeValueList: [] }, true],
    ['s', { ComparisonOperator: 'CONTAINS', AttributeValueList: [{ S: 'pp' }] }, true],
    ['ss', { ComparisonOperator: 'CONTAINS', AttributeValueList: [{ S: 'a' }] }, true],
    ['l', { ComparisonOperator: 'CONTAINS', AttributeValueList: [{ S: 'x' }] }, true],
    ['ss', { ComparisonOperator: 'NOT_CONTAINS', AttributeValueList: [{ S: 'a' }] }, false],
    ['z', { ComparisonOperator: 'NOT_CONTAINS', AttributeValueList: [{ S: 'a' }] }, true],
    ['s', { ComparisonOperator: 'BEGINS_WITH', AttributeValueList: [{ S: 'app' }] }, true],
  ];
  for (const [attribute, condition, expected] of cases) {
    test(`${attribute} ${JSON.stringify(condition)}: ${expected}`, () => {
      expect(conditionOfFilter({ [attribute]: condition }, undefined).holds(item)).toBe(expected);
    });
  }

  test('several hold together unless the ConditionalOperator is OR', () => {
    const filter: Record<string, Condition> = {
      s: { ComparisonOperator: 'NOT_NULL' },
      n: { ComparisonOperator: 'NULL' },
    };
    expect(conditionOfFilter(filter, undefined).holds(item)).toBe(false);
    expect(conditionOfFilter(filter, 'AND').holds(item)).toBe(false);
    expect(conditionOfFilter(filter, 'OR').holds(item)).toBe(true);
    expect(conditionOfFilter({}, 'OR').holds(item)).toBe(true);
    expect([...conditionOfFilter(filter, 'OR').attributes]).toEqual(['s', 'n']);
  });
});

test.describe('filters are refused in the words of AWS', () => {
  const cases: readonly [Condition, string][] = [
    [{ ComparisonOperator: 'EQ' }, `${invalid}Invalid number of argument(s) for the EQ ComparisonOperator`],
    [
      { ComparisonOperator: 'NULL', AttributeValueList: [{ S: 'a' }] },
      `${invalid}Invalid number of argument(s) for the NULL ComparisonOperator`,
    ],
    [
      { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ N: '1' }, { N: '2' }, { N: '3' }] },
      `${invalid}Invalid number of argument(s) for the BETWEEN ComparisonOperator`,
    ],
    [
      { ComparisonOperator: 'EQ', AttributeValueList: [{ N: '1' }, { SS: [] }] },
      `${invalid}An string set  may not be empty`,
    ],
    [
      { ComparisonOperator: 'IN', AttributeValueList: [{ S: 'b' }, { N: '1' }] },
      `${invalid}AttributeValues inside AttributeValueList must be of same type`,
    ],
    [
      { ComparisonOperator: 'LT', AttributeValueList: [{ BOOL: true }] },
      `${invalid}ComparisonOperator LT is not valid for BOOL AttributeValue type`,
    ],
    [
      { ComparisonOperator: 'NOT_CONTAINS', AttributeValueList: [{ L: [] }] },
      `${invalid}ComparisonOperator NOT_CONTAINS is not valid for L AttributeValue type`,
    ],
    [
      { ComparisonOperator: 'BEGINS_WITH', AttributeValueList: [{ N: '1' }] },
      `${invalid}ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type`,
    ],
    [
      { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ S: 'b' }, { S: 'a' }] },
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    ],
  ];
  for (const [condition, message] of cases) {
    test(message, () => expect(() => conditionOfFilter({ a: condition }, undefined)).toThrow(message));
  }
});

test.describe('Expected', () => {
  const outcomes: readonly [string, ExpectedAttributeValue, boolean][] = [
    ['s', { Value: { S: 'apple' } }, true],
    ['s', { Value: { S: 'pear' }, Exists: true }, false],
    ['flag', { Value: { BOOL: false } }, true],
    ['s', { Exists: false }, false],
    ['z', { Exists: false }, true],
    ['n', { ComparisonOperator: 'GT', Value: { N: '9' } }, true],
    ['n', { ComparisonOperator: 'GT', AttributeValueList: [{ N: '11' }] }, false],
    ['z', { ComparisonOperator: 'NULL' }, true],
  ];
  for (const [attribute, expected, holds] of outcomes) {
    test(`${attribute} ${JSON.stringify(expected)}: ${holds}`, () => {
      expect(conditionOfExpected({ [attribute]: expected }, undefined).holds(item)).toBe(holds);
    });
  }

  const refusals: readonly [ExpectedAttributeValue, string][] = [
    [{}, 'Value must be provided when Exists is null for Attribute: a'],
    [{ Exists: true }, 'Value must be provided when Exists is true for Attribute: a'],
    [{ Exists: false, Value: { S: 'a' } }, 'Value cannot be used when Exists is false for Attribute: a'],
    [
      { ComparisonOperator: 'LT' },
      'Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: a',
    ],
    [
      { Exists: true, ComparisonOperator: 'LT' },
      'Exists and ComparisonOperator cannot be used together for Attribute: a',
    ],
    [
      { ComparisonOperator: 'LT', Value: { S: 'a' }, AttributeValueList: [{ S: 'a' }] },
      'Value and AttributeValueList cannot be used together for Attribute: a',
    ],
    [
      { Exists: true, AttributeValueList: [{ S: 'a' }] },
      'AttributeValueList can only be used with a ComparisonOperator for Attribute: a',
    ],
    [
      { ComparisonOperator: 'BETWEEN', Value: { S: 'a' } },
      'Invalid number of argument(s) for the BETWEEN ComparisonOperator',
    ],
  ];
  for (const [expected, message] of refusals) {
    test(message, () => {
      expect(() => conditionOfExpected({ a: expected }, undefined)).toThrow(`${invalid}${message}`);
    });
  }
});

test.describe('AttributeUpdates', () => {
  test('put, add, delete and subtract', () => {
    const update = updateOf({
      s: { Value: { S: 'pear' } },
      n: { Action: 'ADD', Value: { N: '5' } },
      counter: { Action: 'ADD', Value: { N: '1' } },
      ss: { Action: 'DELETE', Value: { SS: ['a', 'q'] } },
      l: { Action: 'ADD', Value: { L: [{ S: 'y' }] } },
      flag: { Action: 'DELETE' },
      z: { Action: 'DELETE', Value: { SS: ['a'] } },
    });
    const after = update.apply(item);
    expect(after).toEqual({
      s: { S: 'pear' },
      n: { N: '15' },
      counter: { N: '1' },
      ss: { SS: ['b'] },
      l: { L: [{ S: 'x' }, { S: 'y' }] },
    });
    expect(update.touched(item)).toEqual(item);
    expect([...update.attributes]).toContain('z');
  });

  test('a set with no member left goes', () => {
    expect(updateOf({ ss: { Action: 'DELETE', Value: { SS: ['a', 'b'] } } }).apply({ ss: { SS: ['a', 'b'] } })).toEqual(
      {},
    );
  });

  const refusals: readonly [AttributeValueUpdate, string][] = [
    [{}, `${invalid}Only DELETE action is allowed when no attribute value is specified`],
    [{ Action: 'DELETE', Value: { S: '1' } }, `${invalid}DELETE action with value is not supported for the type S`],
    [{ Action: 'ADD', Value: { M: {} } }, `${invalid}ADD action is not supported for the type M`],
  ];
  for (const [update, message] of refusals) {
    test(message, () => expect(() => updateOf({ a: update })).toThrow(message));
  }

  const mismatches: readonly AttributeValueUpdate[] = [
    { Action: 'DELETE', Value: { NS: ['1'] } },
    { Action: 'ADD', Value: { N: '1' } },
    { Action: 'ADD', Value: { L: [] } },
  ];
  for (const update of mismatches) {
    test(`${JSON.stringify(update)} does not go with a string set`, () => {
      expect(() => updateOf({ ss: update }).apply(item)).toThrow('Type mismatch for attribute to update');
    });
  }
});

test('AttributesToGet names each attribute once', () => {
  expect(projectionOf(['s', 'z']).pick(item)).toEqual({ s: { S: 'apple' } });
  expect(() => projectionOf(['a', 'b', 'a'])).toThrow(`${invalid}Duplicate value in attribute name: a`);
});

test.describe('expressions do not go with what they have replaced', () => {
  const mixed = (legacy: string, expressions: string) =>
    'Can not use both expression and non-expression parameters in the same request: ' +
    `Non-expression parameters: {${legacy}} Expression parameters: {${expressions}}`;
  const two = { a: {}, b: {} };
  const cases: readonly [Parameters<typeof refuseMixedParameters>, string][] = [
    [['PutItem', { Expected: {}, ConditionExpression: '' }], mixed('Expected', 'ConditionExpression')],
    [
      [
        'UpdateItem',
        {
          Expected: {},
          AttributeUpdates: {},
          ConditionalOperator: 'OR',
          ConditionExpression: '',
          UpdateExpression: '',
        },
      ],
      mixed('AttributeUpdates, Expected, ConditionalOperator', 'UpdateExpression, ConditionExpression'),
    ],
    [
      [
        'Scan',
        {
          ConditionalOperator: 'OR',
          ScanFilter: {},
          AttributesToGet: [],
          FilterExpression: '',
          ProjectionExpression: '',
        },
      ],
      mixed('AttributesToGet, ScanFilter, ConditionalOperator', 'ProjectionExpression, FilterExpression'),
    ],
    [
      ['Query', { KeyConditions: {}, QueryFilter: {}, KeyConditionExpression: '', ProjectionExpression: '' }],
      mixed('QueryFilter, KeyConditions', 'ProjectionExpression, KeyConditionExpression'),
    ],
    [
      ['GetItem', { AttributesToGet: [], ExpressionAttributeNames: {} }],
      'ExpressionAttributeNames can only be specified when using expressions',
    ],
    [
      ['Scan', { ProjectionExpression: 'a', ExpressionAttributeValues: {} }],
      'ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null',
    ],
    [
      ['UpdateItem', { ExpressionAttributeValues: {} }],
      'ExpressionAttributeValues can only be specified when using expressions',
    ],
    [['DeleteItem', { ConditionalOperator: 'AND' }], 'ConditionalOperator cannot be used without Filter or Expected'],
    [
      ['Scan', { ConditionalOperator: 'AND', ScanFilter: {} }],
      'ConditionalOperator cannot be used without Filter or Expected',
    ],
    [
      ['Query', { ConditionalOperator: 'AND', QueryFilter: { a: {} } }],
      'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    ],
  ];
  for (const [call, message] of cases) {
    test(`${call[0]} ${JSON.stringify(call[1])}`, () => {
      expect(() => refuseMixedParameters(...call)).toThrow(message);
    });
  }

  test('KeyConditions go with a FilterExpression, and a ConditionalOperator with two conditions', () => {
    expect(() => refuseMixedParameters('Query', { KeyConditions: {}, FilterExpression: 'a = b' })).not.toThrow();
    expect(() => refuseMixedParameters('Scan', { ConditionalOperator: 'OR', ScanFilter: two })).not.toThrow();
  });
});
