import type { Violation } from '../../../protocols/service-model.ts';
import { describeViolations } from '../../../protocols/violations.ts';

/**
 * What AWS's validation framework says of a write of one item that it can read: a member or two in words of its own.
 * Captured by the public conformance suite paritysuite/dynamodb-conformance in 31 of 33 regions (2026).
 */
export function describeInFramework(violations: readonly Violation[]): string {
  const [count] = describeViolations(violations).split(': ', 1);
  return `${count}: ${violations.map(describe).join('; ')}`;
}

function describe(violation: Violation): string {
  const values = violation.kind === 'enum' ? ownValues.get(violation.path) : undefined;
  if (values) return `Failed to satisfy constraint: Member must satisfy enum value set: [${values}]`;
  if (violation.path === 'tableName' && violation.value === '') {
    return `Value at 'TableName' failed to satisfy constraint: ${violation.constraint}`;
  }
  return describeViolations([violation]).replace('1 validation error detected: ', '');
}

/** The names that AWS gives the values, two of which are no values of the API. */
const ownValues: ReadonlyMap<string, string> = new Map([
  ['returnValues', 'ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE'],
  ['conditionalOperator', 'ALL, OR'],
]);
