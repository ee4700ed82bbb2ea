/** The name that AWS's deserialiser has for a type. */
export type ExpectedType =
  | 'Structure'
  | 'List'
  | 'Map'
  | 'String'
  | 'Boolean'
  | 'Integer'
  | 'Long'
  | 'Double'
  | 'Blob'
  | 'Timestamp';

/** Thrown inside a decoder when a value is of another type than its schema says; parsing ends at the first one. */
export class TypeMismatch extends Error {
  override readonly name = 'TypeMismatch';
  /** Where, as AWS writes it. */
  readonly path: string;
  readonly value: unknown;
  readonly expected: ExpectedType;
  /** For a structure its name, for a map that of its values. */
  readonly shape: string | undefined;

  constructor(path: string, value: unknown, expected: ExpectedType, shape?: string) {
    super(`${String(value)} is no ${expected}`);
    this.path = path;
    this.value = value;
    this.expected = expected;
    this.shape = shape;
  }
}

/**
 * A mismatch in the words of AWS's deserialiser. There are two generations of it: ECS and DynamoDB run the
 * newer one, whose messages name Java classes ("Unrecognized collection type class
 * com.amazonaws.madison.frontend.RegisterTaskDefinitionRequest"), others the older one ("Start of list
 * found where not expected"). Their texts are known from bug reports and from what others measured.
 *
 * @param javaPackage where a service of the newer generation keeps its shapes
 */
export function describeMismatch(mismatch: TypeMismatch, javaPackage: string | undefined): string {
  return javaPackage === undefined ? olderText(mismatch) : newerText(mismatch, javaPackage);
}

function olderText({ value, expected }: TypeMismatch): string {
  if (Array.isArray(value)) return 'Start of list found where not expected';
  if (isObject(value)) return 'Start of structure or map found where not expected.';
  if (expected === 'Structure') return 'Expected null';
  if (expected === 'List') return 'Expected list or null';
  if (expected === 'Map') return 'Expected map or null';
  if (expected === 'Timestamp') return `${tokenName(value)} can not be converted to milliseconds since epoch`;
  if (expected === 'Blob' && typeof value === 'string') {
    return `'${value}' can not be converted to a Blob: ${base64Problem(value)}`;
  }
  const token = typeof value === 'number' ? 'NUMBER_VALUE' : tokenName(value);
  return `${token} can not be converted to ${expected === 'Integer' ? 'an' : 'a'} ${expected}`;
}

function newerText({ path, value, expected, shape }: TypeMismatch, javaPackage: string): string {
  if (Array.isArray(value)) return `Unrecognized collection type ${javaType(expected, shape, javaPackage)}`;
  if (isObject(value)) return 'Start of structure or map found where not expected';
  if (expected === 'Structure' && path.endsWith('.member')) return 'Unexpected value type in payload';
  if (expected === 'Structure' || expected === 'List' || expected === 'Map') return 'Unexpected field type';
  if (expected === 'Boolean' && typeof value === 'string') return 'Unexpected token received from parser';
  if (expected === 'Blob') {
    return typeof value === 'string' ? base64Problem(value) : 'only base-64-encoded strings are convertible to bytes';
  }
  return `${tokenName(value)} cannot be converted to ${expected === 'Timestamp' ? 'Date' : expected}`;
}

function javaType(expected: ExpectedType, shape: string | undefined, javaPackage: string): string {
  if (expected === 'Structure') return `class ${javaPackage}.${shape}`;
  if (expected === 'Map') {
    const values = shape === undefined ? 'java.lang.String' : `${javaPackage}.${shape}`;
    return `java.util.Map<java.lang.String, ${values}>`;
  }
  if (expected === 'Blob') return 'class java.nio.ByteBuffer';
  return expected === 'Timestamp' ? 'class java.util.Date' : `class java.lang.${expected}`;
}

function base64Problem(text: string): string {
  if (text.length % 4 !== 0) {
    return `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`;
  }
  return 'Invalid last non-pad Base64 character dectected';
}

/** The token as AWS's parser calls it. */
function tokenName(value: unknown): string {
  if (typeof value === 'string') return 'STRING_VALUE';
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
