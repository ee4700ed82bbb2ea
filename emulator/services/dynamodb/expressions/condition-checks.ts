import { typeOf, type AttributeType, type AttributeValue } from '../values/attribute-value.ts';
import { compareValues } from '../values/compare.ts';
import type { ConditionSyntax, FunctionSyntax, OperandSyntax } from './condition-syntax.ts';
import { describePath, resolvePath, samePath, type DocumentPath } from './document-path.ts';
import { invalidExpression, type ExpressionKind } from './expression-kind.ts';
import { resolveValue, type ExpressionScope } from './scope.ts';

/** A condition whose names and values are looked up, and whose operands are of types that they can be of. */
export type CheckedCondition =
  | { readonly type: 'and' | 'or'; readonly left: CheckedCondition; readonly right: CheckedCondition }
  | { readonly type: 'not'; readonly condition: CheckedCondition }
  | { readonly type: 'operation'; readonly operator: string; readonly operands: readonly CheckedOperand[] };

export type CheckedOperand =
  | { readonly type: 'path'; readonly path: DocumentPath }
  | { readonly type: 'value'; readonly value: AttributeValue }
  | { readonly type: 'size'; readonly of: CheckedOperand };

/**
 * Looks up the names and values of a condition, and checks the operands of each operator and function, from left
 * to right and from the inside out.
 *
 * @throws AwsError ValidationException
 */
export function checkCondition(
  kind: ExpressionKind,
  scope: ExpressionScope,
  condition: ConditionSyntax,
): CheckedCondition {
  if ('left' in condition) {
    return {
      type: condition.type,
      left: checkCondition(kind, scope, condition.left),
      right: checkCondition(kind, scope, condition.right),
    };
  }
  if (condition.type === 'not') {
    return { type: 'not', condition: checkCondition(kind, scope, condition.condition) };
  }
  const operator = operatorName(condition);
  const operands = condition.operands.map((operand) => checkOperand(kind, scope, operand));
  checkOperation(kind, operator, operands);
  return { type: 'operation', operator, operands };
}

/** A value as DynamoDB's messages show it, e.g. `{S:a}`. */
export function describeValue(value: AttributeValue): string {
  return `{${typeOf(value)}:${describeContent(value)}}`;
}

const operandCounts: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};

const maximumInOperands = 100;

const attributeTypes: ReadonlySet<string> = new Set(['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M']);
const withOrder: ReadonlySet<AttributeType> = new Set(['S', 'N', 'B']);
const withPrefixes: ReadonlySet<AttributeType> = new Set(['S', 'B']);
const withoutSize: ReadonlySet<AttributeType> = new Set(['N', 'BOOL', 'NULL']);

function operatorName(condition: Extract<ConditionSyntax, { operands: unknown }>): string {
  if (condition.type === 'comparison') return condition.operator;
  return condition.type === 'function' ? condition.name : condition.type.toUpperCase();
}

function checkOperand(kind: ExpressionKind, scope: ExpressionScope, operand: OperandSyntax): CheckedOperand {
  if (operand.type === 'path') return { type: 'path', path: resolvePath(kind, scope, operand.path) };
  if (operand.type === 'value') return { type: 'value', value: resolveValue(kind, scope, operand.reference) };
  return checkSize(kind, scope, operand);
}

/** The only function that is an operand. */
function checkSize(kind: ExpressionKind, scope: ExpressionScope, { operands }: FunctionSyntax): CheckedOperand {
  const checked = operands.map((operand) => checkOperand(kind, scope, operand));
  refuseCount(kind, 'size', checked.length);
  const [of] = checked;
  if (of === undefined) throw new TypeError('A function without operands.');
  const type = knownType(of);
  if (type !== undefined && withoutSize.has(type)) throw wrongType(kind, 'size', type);
  return { type: 'size', of };
}

function checkOperation(kind: ExpressionKind, operator: string, operands: readonly CheckedOperand[]): void {
  refuseCount(kind, operator, operands.length);
  refuseSamePaths(kind, operator, operands);
  switch (operator) {
    case '<':
    case '<=':
    case '>':
    case '>=':
      return refuseTypes(kind, operator, operands, withOrder);
    case 'BETWEEN':
      refuseTypes(kind, operator, operands, withOrder);
      return refuseBounds(kind, operands[1], operands[2]);
    case 'begins_with':
      return refuseTypes(kind, operator, operands, withPrefixes);
    case 'attribute_type':
      return checkAttributeType(kind, operands[1]);
    case 'attribute_exists':
    case 'attribute_not_exists':
      if (operands[0]?.type !== 'path') {
        throw invalidExpression(
          kind,
          `Operator or function requires a document path; operator or function: ${operator}`,
        );
      }
  }
}

function refuseCount(kind: ExpressionKind, operator: string, count: number): void {
  if (operator === 'IN' && count - 1 > maximumInOperands) {
    throw invalidExpression(
      kind,
      `The IN operator is provided with too many operands; number of operands: ${count - 1}`,
    );
  }
  const expected = operandCounts[operator];
  if (expected === undefined || count === expected) return;
  throw invalidExpression(
    kind,
    'Incorrect number of operands for operator or function; ' +
      `operator or function: ${operator}, number of operands: ${count}`,
  );
}

function refuseSamePaths(kind: ExpressionKind, operator: string, [first, ...others]: readonly CheckedOperand[]): void {
  if (first?.type !== 'path') return;
  if (!others.some((other) => other.type === 'path' && samePath(first.path, other.path))) return;
  throw invalidExpression(
    kind,
    'The first operand must be distinct from the remaining operands for this operator or function; ' +
      `operator: ${operator}, first operand: ${describePath(first.path)}`,
  );
}

function refuseTypes(
  kind: ExpressionKind,
  operator: string,
  operands: readonly CheckedOperand[],
  allowed: ReadonlySet<AttributeType>,
): void {
  for (const operand of operands) {
    const type = knownType(operand);
    if (type !== undefined && !allowed.has(type)) throw wrongType(kind, operator, type);
  }
}

function refuseBounds(kind: ExpressionKind, low: CheckedOperand | undefined, high: CheckedOperand | undefined): void {
  if (low?.type !== 'value' || high?.type !== 'value') return;
  const order = compareValues(low.value, high.value);
  if (order !== undefined && order <= 0) return;
  const requirement =
    order === undefined
      ? 'same data type for lower and upper bounds'
      : 'upper bound to be greater than or equal to lower bound';
  throw invalidExpression(
    kind,
    `The BETWEEN operator requires ${requirement}; ` +
      `lower bound operand: AttributeValue: ${describeValue(low.value)}, ` +
      `upper bound operand: AttributeValue: ${describeValue(high.value)}`,
  );
}

function checkAttributeType(kind: ExpressionKind, operand: CheckedOperand | undefined): void {
  const listed = [...attributeTypes].join(',');
  if (operand?.type !== 'value' || !('S' in operand.value)) {
    const type = operand && knownType(operand);
    throw wrongType(kind, 'attribute_type', type ?? `{${listed}}`);
  }
  const { S: name } = operand.value;
  if (attributeTypes.has(name)) return;
  throw invalidExpression(kind, `Invalid attribute type name found; type: ${name}, valid types: {${listed}}`);
}

function wrongType(kind: ExpressionKind, operator: string, type: string): Error {
  return invalidExpression(
    kind,
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}

/** The type of an operand whatever the item is; undefined for a path. */
function knownType(operand: CheckedOperand): AttributeType | undefined {
  if (operand.type === 'value') return typeOf(operand.value);
  return operand.type === 'size' ? 'N' : undefined;
}

function describeContent(value: AttributeValue): string {
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  if ('B' in value) return Buffer.from(value.B).toString('base64');
  if ('SS' in value) return `[${value.SS.join(', ')}]`;
  if ('NS' in value) return `[${value.NS.join(', ')}]`;
  return JSON.stringify(Object.values(value)[0]);
}
