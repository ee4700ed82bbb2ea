import type { Violation } from '../../protocols/service-model.ts';

// AWS tells violations in an order of each operation, which is no order of the API's model. The writes of one item
// read a request in two ways: one that lacks a member is read as it always was, and every violation is told. Any
// other stops early.
// Observed by the public conformance suite paritysuite/dynamodb-conformance in eu-west-2 and us-east-1 (2026); the
// tables' and reads' own also by the tests of dynalite.

/** Which violations an operation tells, in its order. */
export function toldViolations(operation: string, violations: readonly Violation[]): readonly Violation[] {
  const order = memberOrders[operation];
  if (!order) return violations;
  if (!singleWrites.has(operation) || violations.some(({ kind }) => kind === 'required')) {
    return violations.toSorted((a, b) => place(order, a) - place(order, b));
  }
  const ofTable = violations.filter(({ path }) => path === 'tableName');
  if (ofTable.length > 0) return ofTable;
  return operation === 'UpdateItem' ? violations.slice(0, 1) : violations;
}

const singleWrites: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

const memberOrders: Readonly<Record<string, readonly string[]>> = {
  PutItem: [
    'returnConsumedCapacity',
    'tableName',
    'item',
    'conditionalOperator',
    'expected',
    'returnValues',
    'returnItemCollectionMetrics',
  ],
  UpdateItem: [
    'returnConsumedCapacity',
    'tableName',
    'returnItemCollectionMetrics',
    'returnValues',
    'conditionalOperator',
    'key',
  ],
  DeleteItem: [
    'returnConsumedCapacity',
    'tableName',
    'returnValues',
    'returnItemCollectionMetrics',
    'conditionalOperator',
    'key',
  ],
  CreateTable: [
    'attributeDefinitions',
    'tableName',
    'billingMode',
    'provisionedThroughput.writeCapacityUnits',
    'provisionedThroughput',
    'keySchema',
    'globalSecondaryIndexes',
    'localSecondaryIndexes',
  ],
  UpdateTable: ['tableName', 'provisionedThroughput.writeCapacityUnits', 'provisionedThroughput'],
  Query: ['select', 'indexName', 'returnConsumedCapacity', 'queryFilter', 'tableName'],
  Scan: ['select', 'indexName', 'totalSegments', 'returnConsumedCapacity', 'tableName', 'scanFilter'],
  GetItem: ['returnConsumedCapacity', 'attributesToGet', 'tableName', 'key'],
  TransactWriteItems: ['clientRequestToken', 'returnConsumedCapacity', 'returnItemCollectionMetrics', 'transactItems'],
};

/** What the order does not name comes last. */
function place(order: readonly string[], { path }: Violation): number {
  const index = order.findIndex((member) => path === member || path.startsWith(`${member}.`));
  return index === -1 ? order.length : index;
}
