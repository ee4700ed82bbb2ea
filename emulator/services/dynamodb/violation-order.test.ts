import { expect, test } from '@playwright/test';
import type { Violation } from '../../protocols/service-model.ts';
import { toldViolations } from './violation-order.ts';

const of = (path: string, kind: Violation['kind'] = 'enum'): Violation => ({ path, kind, value: 'x', constraint: '' });
const told = (operation: string, ...violations: Violation[]) =>
  toldViolations(operation, violations).map(({ path }) => path);

test('a write without its key tells all that is wrong, members in their order', () => {
  const violations = [
    of('key', 'required'),
    of('tableName', 'length'),
    of('returnValues'),
    of('returnConsumedCapacity'),
  ];
  expect(told('UpdateItem', ...violations)).toEqual(['returnConsumedCapacity', 'tableName', 'returnValues', 'key']);
  expect(told('UpdateItem', of('key', 'required'), of('conditionalOperator'))).toEqual(['conditionalOperator', 'key']);
});

test('a write with its key tells of the table alone, an update of one value alone', () => {
  const values = [of('returnValues'), of('returnConsumedCapacity')];
  for (const operation of ['PutItem', 'UpdateItem', 'DeleteItem']) {
    expect(told(operation, ...values, of('tableName', 'length'))).toEqual(['tableName']);
  }
  expect(told('UpdateItem', ...values)).toEqual(['returnValues']);
  expect(told('UpdateItem', of('returnConsumedCapacity'))).toEqual(['returnConsumedCapacity']);
  expect(told('PutItem', ...values, of('returnItemCollectionMetrics'))).toEqual([
    'returnConsumedCapacity',
    'returnValues',
    'returnItemCollectionMetrics',
  ]);
});

test('a write that nests too deep for the framework tells all that is wrong', () => {
  let deep: unknown = { S: 'leaf' };
  for (let wraps = 0; wraps < 63; wraps++) deep = { M: { n: deep } };
  const violations = [of('returnValues'), of('returnConsumedCapacity'), of('tableName', 'length')];
  const all = ['returnConsumedCapacity', 'tableName', 'returnValues'];
  const toldOf = (input: unknown) => toldViolations('UpdateItem', violations, input).map(({ path }) => path);
  expect(toldOf({ Key: { pk: deep } })).toEqual(all);
  expect(toldOf({ Expected: { a: { Value: deep } } })).toEqual(all);
  expect(toldOf({ Expected: { a: { AttributeValueList: [deep] } } })).toEqual(all);
  expect(toldOf({ Key: { pk: { S: 'a' } } })).toEqual(['tableName']);
});

test('a transaction tells of its token first; what has no place comes last', () => {
  const violations = [of('transactItems.1.member.put.item', 'required'), of('returnConsumedCapacity')];
  expect(told('TransactWriteItems', of('other'), ...violations, of('clientRequestToken', 'length'))).toEqual([
    'clientRequestToken',
    'returnConsumedCapacity',
    'transactItems.1.member.put.item',
    'other',
  ]);
  expect(told('ListTables', ...violations)).toEqual(violations.map(({ path }) => path));
});

test('a new table tells of its definitions first, of writes before reads, and of global indexes before local ones', () => {
  expect(
    told(
      'CreateTable',
      of('keySchema', 'required'),
      of('tableName', 'length'),
      of('localSecondaryIndexes.1.member.indexName', 'length'),
      of('globalSecondaryIndexes.1.member.indexName', 'length'),
      of('provisionedThroughput.readCapacityUnits', 'range'),
      of('provisionedThroughput.writeCapacityUnits', 'range'),
      of('attributeDefinitions.1.member.attributeType'),
    ),
  ).toEqual([
    'attributeDefinitions.1.member.attributeType',
    'tableName',
    'provisionedThroughput.writeCapacityUnits',
    'provisionedThroughput.readCapacityUnits',
    'keySchema',
    'globalSecondaryIndexes.1.member.indexName',
    'localSecondaryIndexes.1.member.indexName',
  ]);
});
