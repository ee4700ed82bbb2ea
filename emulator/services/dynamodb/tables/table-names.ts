import type { Violation } from '../../../protocols/service-model.ts';
import { describeViolations } from '../../../protocols/violations.ts';
import { invalid } from '../refusals.ts';

// The API's model allows 1024 characters of anything, for ARNs; names have their own rules
// (developer guide, "Naming rules").

/** Whether a text can be the name of a table, or is meant as an ARN. */
export function isTableName(name: string): boolean {
  return (name.length >= 3 && name.length <= 255 && pattern.test(name)) || name.startsWith('arn:');
}

/** @throws AwsError ValidationException in the framework's words, for a text that can be no table's name */
export function refuseMalformedName(name: string): void {
  if (isTableName(name)) return;
  const violations: Violation[] = [];
  const add = (kind: Violation['kind'], constraint: string) =>
    violations.push({ kind, path: 'tableName', value: name, constraint });
  if (!pattern.test(name)) add('pattern', nameRules.pattern);
  if (name.length < 3) add('length', nameRules.min);
  if (name.length > 255) add('length', nameRules.max);
  throw invalid(describeViolations(violations));
}

/**
 * The same for the tables of a batch.
 *
 * @param echo the request as the message shows it
 * @throws AwsError ValidationException
 */
export function refuseMalformedNames(names: readonly string[], echo: () => string): void {
  const violations = namesViolations(names, echo);
  if (violations.length > 0) throw invalid(describeViolations(violations));
}

/** What `refuseMalformedNames` would refuse. */
export function namesViolations(names: readonly string[], echo: () => string): readonly Violation[] {
  if (names.every(isTableName)) return [];
  const rules = `[${nameRules.max}, ${nameRules.min}, ${nameRules.pattern}]`;
  const constraint = `Map keys must satisfy constraint: ${rules}`;
  return [{ kind: 'pattern', path: 'requestItems', value: echo(), constraint }];
}

const pattern = /^[a-zA-Z0-9_.-]+$/;

const nameRules = {
  max: 'Member must have length less than or equal to 255',
  min: 'Member must have length greater than or equal to 3',
  pattern: 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
};
