import { evaluate, type Condition } from '../expressions/condition.ts';
import { attributesOf, valueAt, type DocumentPath } from '../expressions/document-path.ts';
import { invalid } from '../refusals.ts';
import { type AttributeType, type AttributeValue, type Item, typeOf } from '../values/attribute-value.ts';
import { invalidAt } from './refusals.ts';
import type { Expression } from './syntax.ts';
import { constantValue } from './values.ts';

/** A WHERE clause whose values are known and whose operands are of types that they can be of. */
export type Predicate =
  | { readonly type: 'and' | 'or'; readonly left: Predicate; readonly right: Predicate }
  | { readonly type: 'not'; readonly operand: Predicate }
  | { readonly type: 'operation'; readonly operator: string; readonly operands: readonly Predicate[] }
  | { readonly type: 'size'; readonly operand: Predicate }
  | { readonly type: 'path'; readonly path: DocumentPath }
  | { readonly type: 'value'; readonly value: AttributeValue };

/**
 * Looks up the values of a WHERE clause and checks its operators and functions.
 *
 * @throws AwsError ValidationException
 */
export function checkWhere(expression: Expression, parameters: readonly AttributeValue[]): Predicate {
  const check = (inner: Expression): Predicate => checkWhere(inner, parameters);
  switch (expression.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'list':
    case 'struct':
    case 'bag':
    case 'parameter':
      return { type: 'value', value: constantValue(expression, parameters) };
    case 'path':
      return { type: 'path', path: expression.path };
    case 'not':
      return { type: 'not', operand: check(expression.operand) };
    case 'binary': {
      const { operator } = expression;
      if (operator === 'AND' || operator === 'OR') {
        const type = operator === 'AND' ? 'and' : 'or';
        return { type, left: check(expression.left), right: check(expression.right) };
      }
      if (!comparators.has(operator)) {
        throw invalid(`Unsupported operator in Condition Expression. Operator: ${operator}`);
      }
      return operation(operator, [check(expression.left), check(expression.right)]);
    }
    case 'between':
      return operation('BETWEEN', [expression.operand, expression.low, expression.high].map(check));
    case 'in':
      return operation('IN', [expression.operand, ...expression.candidates].map(check));
    case 'is':
      return checkType(expression.typeName, check(expression.operand));
    case 'call':
      if (!operandCounts.has(expression.name)) {
        throw invalidAt(`Unrecognized function: ${expression.name}`, expression);
      }
      return checkCall(expression.name, expression.operands.map(check));
    case 'exists':
      throw invalidAt('Unrecognized function: exists', expression);
    case 'missing':
    case 'sign':
      throw invalidAt(`Unsupported token in expression: ${expression.type}`, expression);
    default:
      return expression satisfies never;
  }
}

/** What a predicate asks of an item. */
export function conditionOf(predicate: Predicate): Condition {
  return { holds: (item) => isTrue(predicate, item), ...attributesOf(pathsOf(predicate)) };
}

/** The document paths that a predicate looks at, in the order of the statement. */
export function pathsOf(predicate: Predicate): readonly DocumentPath[] {
  switch (predicate.type) {
    case 'value':
      return [];
    case 'path':
      return [predicate.path];
    case 'and':
    case 'or':
      return [...pathsOf(predicate.left), ...pathsOf(predicate.right)];
    case 'operation':
      return predicate.operands.flatMap(pathsOf);
    case 'not':
    case 'size':
      return pathsOf(predicate.operand);
    default:
      return predicate satisfies never;
  }
}

const comparators: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);
const operandCounts: ReadonlyMap<string, number> = new Map([
  ['attribute_exists', 1],
  ['attribute_not_exists', 1],
  ['attribute_type', 2],
  ['begins_with', 2],
  ['contains', 2],
  ['size', 1],
]);
const withOrder: ReadonlySet<AttributeType> = new Set(['S', 'N', 'B']);
const withPrefixes: ReadonlySet<AttributeType> = new Set(['S', 'B']);
const withSize: ReadonlySet<AttributeType> = new Set(['S', 'B', 'SS', 'NS', 'BS', 'L', 'M']);
const maximumCandidates = 100;

function checkCall(name: string, operands: readonly Predicate[]): Predicate {
  if (operands.length !== operandCounts.get(name)) {
    throw invalid(
      'Incorrect number of operands for operator or function; ' +
        `operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }
  const [first, second] = operands;
  if (name.endsWith('exists') && first?.type !== 'path') {
    throw invalid(`Operator or function requires a document path; operator or function: ${name}`);
  }
  if (name === 'attribute_type' && second) {
    refuseTypes(name, [second], new Set<AttributeType>(['S']));
    if (second.type !== 'value' || !('S' in second.value) || !attributeTypes.has(second.value.S)) {
      const shown = second.type === 'value' && 'S' in second.value ? second.value.S : '';
      throw invalid(
        `Invalid attribute type name found; type: ${shown}, valid types: {${[...attributeTypes].join(',')}}`,
      );
    }
  }
  if (name === 'begins_with') refuseTypes(name, operands, withPrefixes);
  if (name !== 'size' || !first) return { type: 'operation', operator: name, operands };
  refuseTypes(name, [first], withSize);
  return { type: 'size', operand: first };
}

const attributeTypes: ReadonlySet<string> = new Set(['N', 'BS', 'L', 'B', 'NULL', 'M', 'S', 'SS', 'NS', 'BOOL']);

function operation(operator: string, operands: readonly Predicate[]): Predicate {
  if (operator === 'IN' && operands.length - 1 > maximumCandidates) {
    throw invalid(`The IN operator is provided with too many operands; number of operands: ${operands.length - 1}`);
  }
  if (operator !== '=' && operator !== '<>' && operator !== 'IN') refuseTypes(operator, operands, withOrder);
  return { type: 'operation', operator, operands };
}

function checkType(typeName: string, operand: Predicate): Predicate {
  if (typeName === 'MISSING') {
    return { type: 'operation', operator: 'attribute_not_exists', operands: [operand] };
  }
  const type = testedTypes[typeName];
  if (!type) {
    throw invalid(
      `Unsupported data type for IS operator: ${typeName}. Supported data types are ` +
        '[MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST]',
    );
  }
  return { type: 'operation', operator: 'attribute_type', operands: [operand, { type: 'value', value: { S: type } }] };
}

const testedTypes: Readonly<Record<string, AttributeType>> = {
  NULL: 'NULL',
  BOOL: 'BOOL',
  BOOLEAN: 'BOOL',
  BLOB: 'B',
  STRING: 'S',
  NUMERIC: 'N',
  STRUCT: 'M',
  TUPLE: 'M',
  LIST: 'L',
};

function refuseTypes(operator: string, operands: readonly Predicate[], allowed: ReadonlySet<AttributeType>): void {
  for (const operand of operands) {
    const type = knownType(operand);
    if (type !== undefined && !allowed.has(type)) {
      throw invalid(
        `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
      );
    }
  }
}

/** The type of an operand whatever the item is; undefined for a path. */
function knownType(operand: Predicate): AttributeType | undefined {
  if (operand.type === 'path') return undefined;
  if (operand.type === 'value') return typeOf(operand.value);
  return operand.type === 'size' ? 'N' : 'BOOL';
}

function isTrue(predicate: Predicate, item: Item): boolean {
  switch (predicate.type) {
    case 'and':
      return isTrue(predicate.left, item) && isTrue(predicate.right, item);
    case 'or':
      return isTrue(predicate.left, item) || isTrue(predicate.right, item);
    case 'not':
      return !isTrue(predicate.operand, item);
    case 'operation':
      return evaluate(
        predicate.operator,
        predicate.operands.map((operand) => valueOf(operand, item)),
      );
    case 'path':
    case 'size':
    case 'value': {
      const value = valueOf(predicate, item);
      return value !== undefined && 'BOOL' in value && value.BOOL;
    }
    default:
      return predicate satisfies never;
  }
}

/** A condition among operands is a boolean: `attribute_exists(a) = true`. */
function valueOf(operand: Predicate, item: Item): AttributeValue | undefined {
  if (operand.type === 'value') return operand.value;
  if (operand.type === 'path') return valueAt(item, operand.path);
  if (operand.type !== 'size') return { BOOL: isTrue(operand, item) };
  const value = valueOf(operand.operand, item);
  const size = value && sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return value.B.byteLength;
  if ('M' in value) return Object.keys(value.M).length;
  for (const content of Object.values(value)) if (Array.isArray(content)) return content.length;
  return undefined;
}
