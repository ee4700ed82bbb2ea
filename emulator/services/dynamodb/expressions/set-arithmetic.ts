import type { AttributeValue } from '../values/attribute-value.ts';
import { binaryKey, compareText } from '../values/compare.ts';
import { addNumbers, compareNumbers } from '../values/numbers.ts';

/**
 * What ADD makes of a value: the sum of two numbers, or the union of two sets of a type.
 *
 * @returns undefined when the two cannot be added
 * @throws AwsError ValidationException when the sum is no number that can be stored
 */
export function added(value: AttributeValue | undefined, operand: AttributeValue): AttributeValue | undefined {
  if (value === undefined) return operand;
  if ('N' in value) return 'N' in operand ? { N: addNumbers(value.N, operand.N) } : undefined;
  if ('SS' in value) return 'SS' in operand ? { SS: union(value.SS, operand.SS).toSorted(compareText) } : undefined;
  if ('NS' in value) return 'NS' in operand ? { NS: union(value.NS, operand.NS).toSorted(compareNumbers) } : undefined;
  if ('BS' in value) {
    if (!('BS' in operand)) return undefined;
    const known = new Set(value.BS.map(binaryKey));
    const members = [...value.BS, ...operand.BS.filter((member) => !known.has(binaryKey(member)))];
    return { BS: members.toSorted((a, b) => Buffer.compare(a, b)) };
  }
  return undefined;
}

/**
 * What DELETE leaves of a set.
 *
 * @returns `remaining`, undefined when no member is left; or undefined when the two are not sets of a type
 */
export function subtracted(
  value: AttributeValue,
  operand: AttributeValue,
): { readonly remaining: AttributeValue | undefined } | undefined {
  if ('SS' in value && 'SS' in operand) {
    const gone = new Set(operand.SS);
    const SS = value.SS.filter((member) => !gone.has(member));
    return { remaining: SS.length === 0 ? undefined : { SS } };
  }
  if ('NS' in value && 'NS' in operand) {
    const gone = new Set(operand.NS);
    const NS = value.NS.filter((member) => !gone.has(member));
    return { remaining: NS.length === 0 ? undefined : { NS } };
  }
  if ('BS' in value && 'BS' in operand) {
    const gone = new Set(operand.BS.map(binaryKey));
    const BS = value.BS.filter((member) => !gone.has(binaryKey(member)));
    return { remaining: BS.length === 0 ? undefined : { BS } };
  }
  return undefined;
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}
