import type { Violation } from '../../protocols/service-model.ts';
import { isReadable } from './items/readable-nesting.ts';

// AWS tells violations in an order of each operation, which is no order of the API's model. The writes of one item
// read a request in two ways: one that lacks a member, or nests too deep, is read as it always was, and every
// violation is told. Any other is read by AWS's validation framework, which may stop early.
// Observed by the public conformance suite paritysuite/dynamodb-conformance in eu-west-2 and us-east-1 (2026); the
// tables' and reads' own also by the tests of dynalite.

/** Which violations an operation tells, in its order. */
export function toldViolations(
  operation: string,
  violations: readonly Violation[],
  input?: unknown,
): readonly Violation[] {
  const order = memberOrders[operation];
  if (!order) return violations;
  const ordered = violations.toSorted((a, b) => place(order, a) - place(order, b));
  if (!isReadByFramework(operation, violations, input)) return ordered;
  const alone = operation === 'UpdateItem' ? ['tableName', 'returnValues'] : ['tableName'];
  const first = alone.map((member) => ordered.filter(({ path }) => path === member)).find(({ length }) => length > 0);
  return first ?? ordered;
}

/** Whether AWS's validation framework has read a request, which only those of single writes are left to. */
export function isReadByFramework(operation: string, violations: readonly Violation[], input: unknown): boolean {
  if (!singleWrites.has(operation)) return false;
  const isIncomplete = violations.some(({ kind }) => kind === 'required' || kind === 'type');
  return !isIncomplete && isReadable(input ?? {});
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
