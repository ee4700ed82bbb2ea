import type { PolicyDocument } from './policy-document.ts';
import { isEverybody, like, listOf } from './policy-terms.ts';

export type Verdict = 'allowed' | 'denied' | 'undecided';

/** The ARN of a bucket or an object, or all objects of a bucket at once. */
export type PolicyResource = string | EveryObject;

interface EveryObject {
  readonly everyObjectOf: string;
}

/** @param bucketArn the bucket's */
export function everyObject(bucketArn: string): EveryObject {
  return { everyObjectOf: bucketArn };
}

/**
 * What a policy says of a request by nobody in particular
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). Conditions are not
 * evaluated: a statement that has one allows nothing here, and denies what it could deny.
 *
 * @param action `s3:GetObject`
 */
export function verdictForEverybody({ statements }: PolicyDocument, action: string, resource: PolicyResource): Verdict {
  const speaking = statements.filter(
    (statement) =>
      speaksOfEverybody(statement) &&
      matchesAny(statement, 'Action', (pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
      speaksOf(statement, resource),
  );
  if (speaking.some((statement) => statement['Effect'] === 'Deny')) return 'denied';
  const allowing = speaking.some(
    (statement) => statement['Effect'] === 'Allow' && statement['Condition'] === undefined,
  );
  return allowing ? 'allowed' : 'undecided';
}

type Statement = PolicyDocument['statements'][number];

function speaksOfEverybody(statement: Statement): boolean {
  const { Principal: principal, NotPrincipal: others } = statement;
  // Nobody in particular is none of those that are named.
  return principal === undefined ? !isEverybody(others) : isEverybody(principal);
}

function speaksOf(statement: Statement, resource: PolicyResource): boolean {
  if (typeof resource === 'string') return matchesAny(statement, 'Resource', (pattern) => like(pattern, resource));
  // A denial of some objects is one of all of them; an allowance has to reach as far as a star does.
  if (statement['Effect'] === 'Deny') return true;
  return matchesAny(statement, 'Resource', (pattern) => like(pattern, `${resource.everyObjectOf}/*`));
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
function matchesAny(statement: Statement, name: 'Action' | 'Resource', matches: (pattern: string) => boolean): boolean {
  const given = statement[name];
  const patterns = listOf(given ?? statement[`Not${name}`]).map(String);
  return patterns.some((pattern) => matches(pattern)) === (given !== undefined);
}
