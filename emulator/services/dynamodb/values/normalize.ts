import { AwsError } from '../../../service.ts';
import { setAttribute, type AttributeValue, type Item } from './attribute-value.ts';
import { binaryKey, compareText } from './compare.ts';
import { canonicalNumber, compareNumbers } from './numbers.ts';
import { refusedValue } from './wording.ts';
import { invalid, invalidParameters } from '../refusals.ts';

/**
 * Checks a value as a request has it and brings it into canonical form. Wrong JSON types (`{"S": 5}`) and unknown
 * types (`{"X": "a"}`) do not come here: the protocol layer refuses the former and drops the latter.
 *
 * @param level how many lists and maps the value lies in
 * @throws AwsError ValidationException in DynamoDB's words: no type or two, a number that is none or has
 *   more than 38 digits, an empty set, duplicates, nesting deeper than 32 levels
 */
export function normalizeValue(wire: unknown, level = 0): AttributeValue {
  if (level > maximumNesting) throw nestedTooDeep();
  let normalized: AttributeValue | undefined;
  let types = 0;
  const value = wire as Readonly<Record<string, unknown>>;
  for (const type in value) {
    const one = normalizeType(type, value[type], value, level);
    if (one === undefined) continue;
    normalized = one;
    types++;
  }
  if (normalized === undefined) {
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (types > 1) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return normalized;
}

/**
 * The same for an item or a key, whose attributes need names.
 *
 * @param level as `normalizeValue` has it
 * @throws AwsError ValidationException as `normalizeValue`, or for an empty name
 */
export function normalizeItem(wire: Readonly<Record<string, unknown>>, level = 0): Item {
  const item: Record<string, AttributeValue> = {};
  const names = Object.keys(wire);
  if (names.includes('')) throw invalid(emptyName);
  for (const name of names) setAttribute(item, name, normalizedAttribute(wire, name, level));
  return item;
}

function normalizedAttribute(wire: Readonly<Record<string, unknown>>, name: string, level: number): AttributeValue {
  try {
    return normalizeValue(wire[name], level);
  } catch (error) {
    // The nesting of a whole item comes before the names within its maps.
    const isName = error instanceof AwsError && error.message === emptyName;
    if (level === 0 && isName && nestingOf(wire) > maximumNesting) throw nestedTooDeep();
    throw error;
  }
}

/** How many lists and maps the values of a request lie in, counted from its attributes. */
export function nestingOf(wire: unknown): number {
  let deepest = 0;
  for (const value of Object.values(wire ?? {}) as (Readonly<Record<string, unknown>> | null)[]) {
    const within = value?.['M'] ?? value?.['L'];
    if (typeof within === 'object' && within !== null) deepest = Math.max(deepest, 1 + nestingOf(within));
  }
  return deepest;
}

/**
 * Refuses a normalised value that would lie too deep where it is put.
 *
 * @param level how many lists and maps it will lie in
 * @throws AwsError ValidationException
 */
export function refuseNesting(value: AttributeValue, level: number): void {
  if (level > maximumNesting) throw nestedTooDeep();
  if ('L' in value) for (const element of value.L) refuseNesting(element, level + 1);
  else if ('M' in value) for (const element of Object.values(value.M)) refuseNesting(element, level + 1);
}

/** "Nested attributes up to 32 levels deep": an attribute itself is the first level. */
const maximumNesting = 31;

/** One member of the union; undefined when there is nothing in it, or it is of no type that there is. */
function normalizeType(
  type: string,
  content: unknown,
  value: Readonly<Record<string, unknown>>,
  level: number,
): AttributeValue | undefined {
  if (content === undefined || content === null) return undefined;
  switch (type) {
    // What is in canonical form already is taken as it came; nobody else holds it.
    case 'S':
    case 'B':
    case 'BOOL':
      return value as unknown as AttributeValue;
    case 'N': {
      const number = canonicalNumber(content as string);
      return number === content ? (value as unknown as AttributeValue) : { N: number };
    }
    case 'NULL':
      if (content !== true) throw invalidParameters('Null attribute value types must have the value of true');
      return { NULL: true };
    case 'SS':
      return { SS: stringSet(content as readonly string[]) };
    case 'NS':
      return { NS: numberSet(content as readonly string[]) };
    case 'BS':
      return { BS: binarySet(content as readonly Uint8Array[]) };
    case 'L':
      return { L: (content as readonly unknown[]).map((element) => normalizeValue(element, level + 1)) };
    case 'M':
      return { M: normalizeItem(content as Readonly<Record<string, unknown>>, level + 1) };
    default:
      return undefined;
  }
}

// AWS keeps sets in an order of its own, whatever they were sent in: text and binary by bytes, numbers by value.

function stringSet(members: readonly string[]): readonly string[] {
  if (members.length === 0) throw invalidParameters('An string set  may not be empty');
  if (new Set(members).size !== members.length) {
    const quoted = upToRepeat(members).map((member) => JSON.stringify(member));
    throw refusedValue(
      parameterRefusal(`Input collection [${members.join(', ')}] contains duplicates.`),
      parameterRefusal(`Input collection [${quoted.join(', ')}] contains duplicates.`),
    );
  }
  return members.toSorted(compareText);
}

function numberSet(members: readonly string[]): readonly string[] {
  if (members.length === 0) throw invalidParameters('An number set  may not be empty');
  const numbers = members.map(canonicalNumber);
  if (new Set(numbers).size !== numbers.length) {
    const refusal = 'Input collection contains duplicates';
    throw refusedValue(refusal, parameterRefusal(`${refusal}.`));
  }
  return numbers.toSorted(compareNumbers);
}

function binarySet(members: readonly Uint8Array[]): readonly Uint8Array[] {
  if (members.length === 0) throw invalidParameters('Binary sets should not be empty');
  if (new Set(members.map(binaryKey)).size !== members.length) {
    const base64 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('base64');
    const keys = members.map(binaryKey);
    const quoted = upToRepeat(keys).map((key) => `"${base64(key)}"`);
    throw refusedValue(
      parameterRefusal(`Input collection [${keys.map(base64).join(', ')}]of type BS contains duplicates.`),
      parameterRefusal(`Input collection [${quoted.join(',')}]of type BS contains duplicates.`),
    );
  }
  return members.toSorted((a, b) => Buffer.compare(a, b));
}

/** A set as the current wording lists it: in order up to the first repeat, then as it was sent. */
function upToRepeat(members: readonly string[]): readonly string[] {
  const repeat = members.findIndex((member, index) => members.indexOf(member) < index);
  return [...members.slice(0, repeat).toSorted(compareText), ...members.slice(repeat)];
}

const emptyName = 'Empty attribute name';

function nestedTooDeep(): AwsError {
  return invalid(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  );
}

function parameterRefusal(message: string): string {
  return `One or more parameter values were invalid: ${message}`;
}
