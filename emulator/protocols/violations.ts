import type { OperationModel, ServiceModel, Violation } from './service-model.ts';
import type { AwsError } from '../service.ts';
import { describeMismatch, TypeMismatch } from './type-mismatch.ts';

/** Joins a member to the path of its structure, as AWS writes it: in lower camel case, parts separated by dots. */
export function memberPath(parent: string, member: string): string {
  const first = member.charCodeAt(0);
  const name = first >= 65 && first <= 90 ? member[0]?.toLowerCase() + member.slice(1) : member;
  return parent === '' ? name : `${parent}.${name}`;
}

/**
 * The message that AWS's validation framework gives, whatever the service calls the error:
 * `2 validation errors detected: Value '' at 'logGroupName' failed to satisfy constraint: …; Value null at …`.
 */
export function describeViolations(violations: readonly Violation[]): string {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  return `${count}: ${violations.map(describeViolation).join('; ')}`;
}

function describeViolation({ value, path, constraint, sensitive }: Violation): string {
  const shown = sensitive ? '' : value === undefined || value === null ? ' null' : ` '${describeValue(value)}'`;
  return `Value${shown} at '${path}' failed to satisfy constraint: ${constraint}`;
}

/** A value as Java prints it, which is how it appears in AWS's messages. */
function describeValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(describeValue).join(', ')}]`;
  if (value instanceof Uint8Array) {
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  }
  if (value instanceof Date) return value.toUTCString();
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, content]) => `${key}=${describeValue(content)}`)
      .join(', ')}}`;
  }
  return String(value);
}

/** The service's refusal of a value of the wrong type; passes on whatever else a decoder threw. */
export function refuseMismatch(model: ServiceModel, operation: OperationModel, cause: unknown): AwsError {
  if (cause instanceof TypeMismatch) {
    const { path, value, expected } = cause;
    const constraint = describeMismatch(cause, model.javaPackage);
    return model.refuse([{ kind: 'type', path, value, expected, constraint }], operation);
  }
  // Only a schema that contains itself can nest this deep.
  if (cause instanceof RangeError) {
    return model.refuse([{ kind: 'type', path: '', value: undefined, constraint: '' }], operation);
  }
  throw cause;
}
