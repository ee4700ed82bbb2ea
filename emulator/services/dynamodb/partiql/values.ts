import { AwsError } from '../../../service.ts';
import { invalid } from '../refusals.ts';
import { type AttributeValue, setAttribute } from '../values/attribute-value.ts';
import { normalizeValue } from '../values/normalize.ts';
import { canonicalNumber } from '../values/numbers.ts';
import { invalidAt } from './refusals.ts';
import type { Expression } from './syntax.ts';

/**
 * Reads the parameters of a statement, the first wrong one in the order of the document being told.
 *
 * @throws AwsError ValidationException
 */
export function readParameters(wire: readonly unknown[] | undefined): readonly AttributeValue[] {
  return (wire ?? []).map((value) => readParameter(value, 0));
}

/** Whether an expression is a value whatever the item is. */
export function isConstant({ type }: Expression): boolean {
  return constants.has(type);
}

/**
 * The value of a literal or a parameter.
 *
 * @param path where it lies in the value that it is a part of
 * @throws AwsError ValidationException for what is no such thing, or is no value of DynamoDB
 */
export function constantValue(
  expression: Expression,
  parameters: readonly AttributeValue[],
  path = 'root',
  level = 0,
): AttributeValue {
  if (level > maximumNesting) throw invalid(`Nesting Levels have exceeded supported limits under ${path}`);
  switch (expression.type) {
    case 'string':
      return { S: expression.text };
    case 'number':
      return { N: literalNumber(expression.text, path) };
    case 'boolean':
      return { BOOL: expression.value };
    case 'null':
      return { NULL: true };
    case 'list':
      return {
        L: expression.elements.map((element, at) => constantValue(element, parameters, `${path}[${at}]`, level + 1)),
      };
    case 'struct': {
      const map: Record<string, AttributeValue> = {};
      for (const { name, value } of expression.fields) {
        setAttribute(map, name, constantValue(value, parameters, `${path}.${name}`, level + 1));
      }
      return { M: map };
    }
    case 'bag':
      return setOf(expression.elements, path);
    case 'parameter': {
      const value = parameters[expression.index];
      if (path === 'root' && value) return value;
      throw unsupported('Parameter', expression, path);
    }
    case 'between':
    case 'binary':
    case 'call':
    case 'exists':
    case 'in':
    case 'is':
    case 'missing':
    case 'not':
    case 'path':
    case 'sign':
      throw unsupported(typeName(expression), expression, path);
    default:
      return expression satisfies never;
  }
}

const constants: ReadonlySet<Expression['type']> = new Set([
  'string',
  'number',
  'boolean',
  'null',
  'list',
  'struct',
  'bag',
  'parameter',
]);

/** An attribute itself is the first of 32 levels. */
const maximumNesting = 31;

function readParameter(wire: unknown, level: number): AttributeValue {
  const content = wire as {
    readonly L?: readonly unknown[];
    readonly M?: Readonly<Record<string, unknown>>;
    readonly N?: string;
    readonly NS?: readonly string[];
  };
  if (level <= maximumNesting && Object.keys(content).length === 1) {
    if (content.L) return { L: content.L.map((element) => readParameter(element, level + 1)) };
    if (content.M) {
      const map: Record<string, AttributeValue> = {};
      for (const [name, value] of Object.entries(content.M)) setAttribute(map, name, readParameter(value, level + 1));
      return { M: map };
    }
    for (const number of content.N === undefined ? (content.NS ?? []) : [content.N]) refuseExponent(number);
  }
  return normalizeValue(wire, level);
}

/** Java's BigDecimal, which reads these numbers, has an exponent and a scale of 32 bits; its sums wrap around. */
function refuseExponent(number: string): void {
  const parts = /^[+-]?(\d*)(?:\.(\d*))?[eE]([+-]?\d+)$/.exec(number);
  if (!parts) return;
  const [, whole = '', fraction = '', exponent = ''] = parts;
  const power = Number(exponent);
  const scale = fraction.length - power;
  if (power !== clamped(power) || scale !== clamped(scale)) {
    throw invalid(`The parameter cannot be converted to a numeric value: ${number}`);
  }
  const precision = (whole + fraction).replace(/^0+/, '').length;
  if (precision - scale > clamped(precision - scale)) {
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
}

function clamped(number: number): number {
  return Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), number));
}

function literalNumber(text: string, path: string): string {
  try {
    return canonicalNumber(text);
  } catch (error) {
    if (error instanceof AwsError) throw invalid(`${error.message} under ${path}`);
    throw error;
  }
}

function setOf(elements: readonly Expression[], path: string): AttributeValue {
  if (elements.length === 0) throw invalid('Empty bags are not supported');
  const texts = elements.map((element) => {
    if (element.type === 'string' || element.type === 'number') return element.text;
    throw unsupportedInSet();
  });
  const [first] = elements;
  if (elements.some(({ type }) => type !== first?.type)) throw unsupportedInSet();
  if (first?.type === 'string') return normalizeValue({ SS: texts });
  const numbers = texts.map((text) => literalNumber(text, path));
  if (new Set(numbers).size < numbers.length) {
    throw invalid(
      `One or more parameter values were invalid: Input collection [${texts.join(', ')}] contains duplicates! ` +
        `under ${path}`,
    );
  }
  return { NS: numbers };
}

function unsupportedInSet(): AwsError {
  return invalid('Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags');
}

function unsupported(name: string, expression: Expression, path: string): AwsError {
  return invalidAt(`Unsupported data type: ${name} under key ${path}`, expression);
}

function typeName(expression: Expression): string {
  if (expression.type === 'call') return expression.name;
  return expression.type === 'path' ? 'VariableReference' : expression.type;
}
