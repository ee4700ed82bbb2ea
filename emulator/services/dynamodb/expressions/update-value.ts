import type { AwsError } from '../../../service.ts';
import { invalid } from '../refusals.ts';
import { typeOf, type AttributeType, type AttributeValue, type Item } from '../values/attribute-value.ts';
import { addNumbers, subtractNumbers } from '../values/numbers.ts';
import { valueAt, type DocumentPath } from './document-path.ts';

/** What SET puts, in an UpdateExpression or a PartiQL statement, once its names and values are looked up. */
export type UpdateValue =
  | { readonly type: 'path'; readonly path: DocumentPath }
  | { readonly type: 'value'; readonly value: AttributeValue }
  | { readonly type: UpdateOperator; readonly operands: readonly UpdateValue[] };

export type UpdateOperator = '+' | '-' | 'if_not_exists' | 'list_append';

/**
 * The value for an item; undefined for a path with nothing there.
 *
 * @throws AwsError ValidationException for an operand that is not there, or of a wrong type
 */
export function valueOf(value: UpdateValue, item: Item): AttributeValue | undefined {
  if (value.type === 'value') return value.value;
  if (value.type === 'path') return valueAt(item, value.path);
  const [first, second] = value.operands;
  if (first === undefined || second === undefined) throw new TypeError(`${value.type} takes two operands.`);
  const left = valueOf(first, item);
  if (value.type === 'if_not_exists') return left ?? valueOf(second, item);
  const right = valueOf(second, item);
  if (left === undefined || right === undefined) throw missingOperand();
  if (value.type === 'list_append') {
    if (!('L' in left) || !('L' in right)) throw wrongOperandType();
    return { L: [...left.L, ...right.L] };
  }
  if (!('N' in left) || !('N' in right)) throw wrongOperandType();
  return { N: value.type === '+' ? addNumbers(left.N, right.N) : subtractNumbers(left.N, right.N) };
}

/** The document paths that it reads. */
export function pathsOf(value: UpdateValue): readonly DocumentPath[] {
  if (value.type === 'value') return [];
  return value.type === 'path' ? [value.path] : value.operands.flatMap(pathsOf);
}

/** The type of a value whatever the item is. */
export function knownType(value: UpdateValue): AttributeType | undefined {
  if (value.type === 'value') return typeOf(value.value);
  if (value.type === 'list_append') return 'L';
  return value.type === '+' || value.type === '-' ? 'N' : undefined;
}

/** The refusal of an operand with nothing there. */
export function missingOperand(): AwsError {
  return invalid('The provided expression refers to an attribute that does not exist in the item');
}

/** The refusal of an operand that the operation cannot take. */
export function wrongOperandType(): AwsError {
  return invalid('An operand in the update expression has an incorrect data type');
}
