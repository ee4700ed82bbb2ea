import { AwsError } from '../../../service.ts';
import { attributeOf, setAttribute, type AttributeValue, type Item } from '../values/attribute-value.ts';
import { normalizeValue } from '../values/normalize.ts';
import { currentWordingOf, refusedValue } from '../values/wording.ts';
import { invalidExpression, type ExpressionKind } from './expression-kind.ts';
import { invalid } from '../refusals.ts';

/** The names and values that the expressions of one request may use, and which of them they have used. */
export interface ExpressionScope {
  /** By `#name`. */
  readonly names: Readonly<Record<string, string>>;
  /** By `:value`, normalised. */
  readonly values: Item;
  readonly usedNames: Set<string>;
  readonly usedValues: Set<string>;
}

/**
 * Opens the scope of a request's expressions. Names or values without any expression are refused by
 * `refuseMixedParameters`, which comes before.
 *
 * @throws AwsError ValidationException when names or values are empty or malformed
 */
export function openScope(input: {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}): ExpressionScope {
  return {
    names: checkedNames(input.ExpressionAttributeNames),
    values: checkedValues(input.ExpressionAttributeValues),
    usedNames: new Set(),
    usedValues: new Set(),
  };
}

/** @throws AwsError ValidationException naming what no expression has used */
export function refuseUnused(scope: ExpressionScope): void {
  refuseLeftOver('ExpressionAttributeNames', scope.names, scope.usedNames);
  refuseLeftOver('ExpressionAttributeValues', scope.values, scope.usedValues);
}

/** The attribute that a `#name` stands for. @throws AwsError ValidationException when it is not defined */
export function resolveName(kind: ExpressionKind, scope: ExpressionScope, reference: string): string {
  const name = scope.names[reference];
  if (name === undefined) {
    throw invalidExpression(
      kind,
      `An expression attribute name used in the document path is not defined; attribute name: ${reference}`,
    );
  }
  scope.usedNames.add(reference);
  return name;
}

/** What a `:value` stands for. @throws AwsError ValidationException when it is not defined */
export function resolveValue(kind: ExpressionKind, scope: ExpressionScope, reference: string): AttributeValue {
  const value = attributeOf(scope.values, reference);
  if (value === undefined) {
    throw invalidExpression(
      kind,
      `An expression attribute value used in expression is not defined; attribute value: ${reference}`,
    );
  }
  scope.usedValues.add(reference);
  return value;
}

const nameReference = /^#\w+$/;
const valueReference = /^:\w+$/;
/** Of a reference, its `#` or `:` included. */
const maximumReferenceLength = 255;
const nothing = {};

function checkedNames(names: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  if (names === undefined) return nothing;
  const references = Object.keys(names);
  if (references.length === 0) throw invalid('ExpressionAttributeNames must not be empty');
  for (const reference of references) {
    if (!nameReference.test(reference) || reference.length > maximumReferenceLength) {
      throw invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${reference}"`);
    }
    if (names[reference] === '') {
      throw invalid(`ExpressionAttributeNames contains invalid value: Empty attribute name for key ${reference}`);
    }
  }
  return names;
}

function checkedValues(wire: Readonly<Record<string, unknown>> | undefined): Item {
  if (wire === undefined) return nothing;
  const references = Object.keys(wire);
  if (references.length === 0) throw invalid('ExpressionAttributeValues must not be empty');
  for (const reference of references) {
    if (!valueReference.test(reference) || reference.length > maximumReferenceLength) {
      throw invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${reference}"`);
    }
  }
  const values: Record<string, AttributeValue> = {};
  for (const reference of references) setAttribute(values, reference, checkedValue(reference, wire[reference]));
  return values;
}

function checkedValue(reference: string, wire: unknown): AttributeValue {
  try {
    return normalizeValue(wire);
  } catch (error) {
    // Nesting is a limit of items, and refused as in one.
    if (!(error instanceof AwsError) || error.message.startsWith('Nesting Levels')) throw error;
    throw refusedValue(
      `ExpressionAttributeValues contains invalid value: ${error.message} for key ${reference}`,
      currentWordingOf(error),
    );
  }
}

function refuseLeftOver(
  parameter: 'ExpressionAttributeNames' | 'ExpressionAttributeValues',
  defined: object,
  used: ReadonlySet<string>,
): void {
  const unused = Object.keys(defined).filter((reference) => !used.has(reference));
  if (unused.length === 0) return;
  throw invalid(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
}
