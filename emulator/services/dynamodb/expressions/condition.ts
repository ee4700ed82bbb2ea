import { typeOf, type AttributeValue, type Item } from '../values/attribute-value.ts';
import { compareValues, equalValues } from '../values/compare.ts';
import { checkCondition, type CheckedCondition, type CheckedOperand } from './condition-checks.ts';
import { readCondition } from './condition-syntax.ts';
import { attributesOf, valueAt, type DocumentPath } from './document-path.ts';
import type { ExpressionScope } from './scope.ts';
import { remembering } from './syntax-memory.ts';

/** A parsed ConditionExpression or FilterExpression, or a legacy parameter that says the same. */
export interface Condition {
  /** Whether it is true of an item; an item that is not there is the empty one. */
  holds(item: Item): boolean;
  /** The top-level attributes that it looks at. A filter may not look at key attributes. */
  readonly attributes: ReadonlySet<string>;
  /** Those of them that it looks into, which key attributes cannot be; none when left out. */
  readonly nestedAttributes?: ReadonlySet<string>;
}

/** @throws AwsError ValidationException: `Invalid ConditionExpression: …` */
export function parseCondition(
  scope: ExpressionScope,
  kind: 'ConditionExpression' | 'FilterExpression',
  text: string,
): Condition {
  const condition = checkCondition(kind, scope, recall[kind](text));
  const paths: DocumentPath[] = [];
  collectPaths(condition, paths);
  return { holds: (item) => isTrue(condition, item), ...attributesOf(paths) };
}

const recall = {
  ConditionExpression: remembering((text) => readCondition('ConditionExpression', text)),
  FilterExpression: remembering((text) => readCondition('FilterExpression', text)),
};

/**
 * Whether an operator or function of conditions is true of its operands; undefined stands for an attribute that is
 * not there. Operands whose types do not go together make it false, never an error.
 */
export function evaluate(operator: string, operands: readonly (AttributeValue | undefined)[]): boolean {
  const [first, second, third] = operands;
  switch (operator) {
    case '=':
      return first !== undefined && second !== undefined && equalValues(first, second);
    case '<>':
      return first === undefined || second === undefined || !equalValues(first, second);
    case '<':
      return ordered(first, second, (order) => order < 0);
    case '<=':
      return ordered(first, second, (order) => order <= 0);
    case '>':
      return ordered(first, second, (order) => order > 0);
    case '>=':
      return ordered(first, second, (order) => order >= 0);
    case 'BETWEEN':
      return ordered(first, second, (order) => order >= 0) && ordered(first, third, (order) => order <= 0);
    case 'IN':
      return operands.slice(1).some((other) => evaluate('=', [first, other]));
    case 'attribute_exists':
      return first !== undefined;
    case 'attribute_not_exists':
      return first === undefined;
    case 'attribute_type':
      return first !== undefined && second !== undefined && 'S' in second && typeOf(first) === second.S;
    case 'begins_with':
      return first !== undefined && second !== undefined && beginsWith(first, second);
    case 'contains':
      return first !== undefined && second !== undefined && contains(first, second);
    default:
      throw new TypeError(`No operator of conditions is called ${operator}.`);
  }
}

function isTrue(condition: CheckedCondition, item: Item): boolean {
  if ('left' in condition) {
    const left = isTrue(condition.left, item);
    return left === (condition.type === 'and') ? isTrue(condition.right, item) : left;
  }
  if (condition.type === 'not') return !isTrue(condition.condition, item);
  return evaluate(
    condition.operator,
    condition.operands.map((operand) => operandValue(operand, item)),
  );
}

function operandValue(operand: CheckedOperand, item: Item): AttributeValue | undefined {
  if (operand.type === 'value') return operand.value;
  if (operand.type === 'path') return valueAt(item, operand.path);
  const value = operandValue(operand.of, item);
  const size = value && sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

/** What `size` gives: characters in UTF-16 code units, bytes, or how many members there are. */
function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return value.B.byteLength;
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  if ('BS' in value) return value.BS.length;
  if ('L' in value) return value.L.length;
  if ('M' in value) return Object.keys(value.M).length;
  return undefined;
}

function ordered(
  a: AttributeValue | undefined,
  b: AttributeValue | undefined,
  test: (order: number) => boolean,
): boolean {
  if (a === undefined || b === undefined) return false;
  const order = compareValues(a, b);
  return order !== undefined && test(order);
}

function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ('S' in value) return 'S' in prefix && value.S.startsWith(prefix.S);
  if ('B' in value && 'B' in prefix) {
    const length = prefix.B.byteLength;
    return value.B.byteLength >= length && Buffer.compare(value.B.subarray(0, length), prefix.B) === 0;
  }
  return false;
}

function contains(value: AttributeValue, member: AttributeValue): boolean {
  if ('S' in value) return 'S' in member && value.S.includes(member.S);
  if ('B' in value) return 'B' in member && Buffer.from(value.B).includes(Buffer.from(member.B));
  if ('SS' in value) return 'S' in member && value.SS.includes(member.S);
  if ('NS' in value) return 'N' in member && value.NS.includes(member.N);
  if ('BS' in value) return 'B' in member && value.BS.some((own) => Buffer.compare(own, member.B) === 0);
  return 'L' in value && value.L.some((element) => equalValues(element, member));
}

function collectPaths(condition: CheckedCondition, paths: DocumentPath[]): void {
  if (condition.type === 'operation') {
    for (const operand of condition.operands) collectFromOperand(operand, paths);
  } else if (condition.type === 'not') collectPaths(condition.condition, paths);
  else {
    collectPaths(condition.left, paths);
    collectPaths(condition.right, paths);
  }
}

function collectFromOperand(operand: CheckedOperand, paths: DocumentPath[]): void {
  if (operand.type === 'path') paths.push(operand.path);
  else if (operand.type === 'size') collectFromOperand(operand.of, paths);
}
