import { AwsError } from '../../../service.ts';
import type { UploadForm } from './form.ts';

/** What the policy of a form says of the size of its file; bytes, both bounds are allowed. */
export interface SizeRange {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Holds a form against its policy
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html): it must not have
 * expired, every condition must hold, and every field must be in some condition.
 *
 * @param policy base64 of the JSON document
 * @param fields with `key` as the object will be named
 * @param now milliseconds since the Unix epoch
 * @returns the range that the file's size must be in; undefined for any size
 * @throws AwsError InvalidPolicyDocument, AccessDenied
 */
export function checkFormPolicy(
  policy: string,
  bucket: string,
  fields: UploadForm['fields'],
  now: number,
): SizeRange | undefined {
  const { expiration, conditions } = parsePolicy(policy);
  if (expiration <= now) throw denied('Policy expired.');
  const values = new Map([...fields].map(([name, { value }]) => [name, value]));
  values.set('bucket', bucket);
  const covered = new Set<string>();
  let range: SizeRange | undefined;
  for (const condition of conditions) {
    if (condition.operator === 'content-length-range') {
      range = sizeRange(condition.operands);
      if (!range) throw failed(condition.operator, condition.operands);
      continue;
    }
    const [subject = '', expected = ''] = condition.operands as readonly string[];
    const name = subject.slice(1).toLowerCase();
    const value = values.get(name);
    const holds = condition.operator === 'eq' ? value === expected : (value?.startsWith(expected) ?? false);
    if (!subject.startsWith('$') || !holds) throw failed(condition.operator, condition.operands);
    covered.add(name);
  }
  const extra = [...values.keys()].find((name) => !covered.has(name) && !needsNoCondition(name));
  if (extra !== undefined) throw denied(`Extra input fields: ${fields.get(extra)?.name ?? extra}`);
  return range;
}

interface Condition {
  /** In lower case. */
  readonly operator: 'eq' | 'starts-with' | 'content-length-range';
  readonly operands: readonly unknown[];
}

function parsePolicy(text: string): { readonly expiration: number; readonly conditions: readonly Condition[] } {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(text, 'base64').toString());
  } catch {
    throw invalid('Invalid JSON.');
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) throw invalid('Invalid JSON.');
  const members = new Map(Object.entries(document).map(([name, value]) => [name.toLowerCase(), value as unknown]));
  const unexpected = [...members.keys()].find((name) => name !== 'expiration' && name !== 'conditions');
  if (unexpected !== undefined) throw invalid(`Unexpected: '${unexpected}'`);
  const expiration = members.get('expiration');
  if (expiration === undefined) throw invalid('Policy missing expiration.');
  const time = typeof expiration === 'string' && utc.test(expiration) ? Date.parse(expiration) : Number.NaN;
  if (Number.isNaN(time)) throw invalid(`Invalid 'expiration' value: '${textOf(expiration)}'`);
  const conditions = members.get('conditions');
  if (conditions === undefined) throw invalid('Policy missing conditions.');
  if (!Array.isArray(conditions)) throw invalid("Invalid 'conditions' value: must be a List.");
  return { expiration: time, conditions: conditions.map(parseCondition) };
}

/** `2026-11-21T12:00:00Z`, with or without fractions; S3 takes no other time zone. */
const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function parseCondition(condition: unknown): Condition {
  if (Array.isArray(condition)) return parseListCondition(condition);
  if (typeof condition !== 'object' || condition === null)
    throw invalid('Invalid Condition: must be a List or Object.');
  const entries = Object.entries(condition as Record<string, unknown>);
  const [entry] = entries;
  if (!entry || entries.length > 1) {
    throw invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.');
  }
  if (typeof entry[1] !== 'string') throw invalid('Invalid Simple-Condition: value must be a string.');
  return { operator: 'eq', operands: [`$${entry[0]}`, entry[1]] };
}

function parseListCondition([operation, ...operands]: readonly unknown[]): Condition {
  if (operation === undefined) throw invalid('Invalid Condition: missing operation identifier.');
  const operator = textOf(operation).toLowerCase();
  if (operator !== 'eq' && operator !== 'starts-with' && operator !== 'content-length-range') {
    throw invalid(`Invalid Condition: unknown operation '${textOf(operation)}'.`);
  }
  if (operands.length !== 2) throw invalid(`Invalid ${operator}: wrong number of arguments.`);
  if (operator === 'content-length-range') {
    if (operands.some((bound) => typeof bound === 'number' && (!Number.isInteger(bound) || bound < 0))) {
      throw invalid('Invalid JSON.');
    }
  } else if (!operands.every((operand) => typeof operand === 'string')) {
    throw invalid('Invalid JSON.');
  }
  return { operator, operands };
}

/** Numbers, or their digits as text. */
function sizeRange(operands: readonly unknown[]): SizeRange | undefined {
  const [minimum, maximum] = operands.map((bound) => (/^\d+$/.test(String(bound)) ? Number(bound) : undefined));
  return minimum === undefined || maximum === undefined ? undefined : { minimum, maximum };
}

/** The fields that the policy is about, and those whose names say that it is not about them. */
function needsNoCondition(name: string): boolean {
  const always = ['policy', 'x-amz-signature', 'signature', 'awsaccesskeyid', 'file'];
  // Nor do suites that run on AWS cover the checksum, which says nothing but what the file is.
  return always.includes(name) || name.startsWith('x-ignore-') || name.startsWith('x-amz-checksum-');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function failed(operator: string, operands: readonly unknown[]): AwsError {
  const condition = [operator, ...operands].map((part) => JSON.stringify(part)).join(', ');
  return denied(`Policy Condition failed: [${condition}]`);
}

function denied(message: string): AwsError {
  return new AwsError('AccessDenied', `Invalid according to Policy: ${message}`, { statusCode: 403 });
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidPolicyDocument', `Invalid Policy: ${message}`, { statusCode: 400 });
}
