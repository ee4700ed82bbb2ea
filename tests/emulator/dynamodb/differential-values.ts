import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  dictionary,
  letrec,
  oneof,
  record,
  uint8Array,
  uniqueArray,
} from 'fast-check';

/** Few and short, so that random calls meet the same items. Some compare otherwise as UTF-8 than as UTF-16. */
const strings = constantFrom('a', 'ab', 'b', 'B', '10', 'ä', '\u{ff5e}', '\u{10000}');
const numbers = constantFrom('0', '1', '2', '-1', '1.50', '1e2', '0.1', '10', '99999999999999999999999999999999999999');
const edgeNumbers = constantFrom('-0', '+7', '007', '1e-130', '9.9e125', '-9.9e125', '0.10e1', '.5', '5.');
const wrongNumbers = constantFrom('abc', '', ' 1', '1e126', '1e-131', '0x1', 'NaN', `1${'0'.repeat(37)}.5`, '1e');
const bytes = uint8Array({ minLength: 1, maxLength: 2, max: 3 });

/** The types that keys have. */
export type KeyType = 'S' | 'N' | 'B';

/** A value that a key of this type may have. */
export function keyValue(type: KeyType): Arbitrary<AttributeValue> {
  if (type === 'S') return strings.map((S) => ({ S }));
  return type === 'N' ? numbers.map((N) => ({ N })) : bytes.map((B) => ({ B }));
}

/** Mostly a value that a key of this type may have; now and then of another type, or empty. */
export function roughKeyValue(type: KeyType): Arbitrary<AttributeValue> {
  return oneof(
    { weight: 30, arbitrary: keyValue(type) },
    { weight: 1, arbitrary: attributeValue },
    { weight: 1, arbitrary: constantFrom<AttributeValue>({ S: '' }, { B: new Uint8Array() }, { N: 'abc' }) },
  );
}

/** The names of attributes that are in no key. */
export const attributeNames = ['a', 'b', 'c', 'name'] as const;

const sets = oneof(
  uniqueArray(strings, { minLength: 1, maxLength: 3 }).map((SS): AttributeValue => ({ SS })),
  uniqueArray(numbers, { minLength: 1, maxLength: 3 }).map((NS): AttributeValue => ({ NS })),
  uniqueArray(bytes, { minLength: 1, maxLength: 3, selector: String }).map((BS): AttributeValue => ({ BS })),
);

const wrong = oneof(
  wrongNumbers.map((N): AttributeValue => ({ N })),
  constantFrom<AttributeValue>({ SS: [] }, { NS: [] }, { SS: ['a', 'a'] }, { NS: ['1', '1.0'] }, { NS: ['1', 'x'] }),
);

const { value } = letrec<{ value: AttributeValue }>((tie) => ({
  value: oneof(
    { maxDepth: 2 },
    strings.map((S): AttributeValue => ({ S })),
    oneof({ weight: 6, arbitrary: numbers }, { weight: 1, arbitrary: edgeNumbers }).map((N): AttributeValue => ({ N })),
    bytes.map((B): AttributeValue => ({ B })),
    boolean().map((BOOL): AttributeValue => ({ BOOL })),
    constantFrom<AttributeValue>({ NULL: true }, { S: '' }),
    sets,
    array(tie('value'), { maxLength: 3 }).map((L): AttributeValue => ({ L })),
    dictionary(constantFrom('a', 'b', 'a.b'), tie('value'), { maxKeys: 3 }).map((M): AttributeValue => ({ M })),
  ),
}));

/** Any value, hardly ever a wrong one. */
export const attributeValue: Arbitrary<AttributeValue> = oneof(
  { weight: 60, arbitrary: value },
  { weight: 1, arbitrary: wrong },
);

/** Attributes that are in no key, by name. */
export const attributes: Arbitrary<Partial<Record<string, AttributeValue>>> = record(
  Object.fromEntries(attributeNames.map((name) => [name, attributeValue])),
  { requiredKeys: [] },
);

/** One of these, or nothing at all. */
export function maybe<T>(weight: number, arbitrary: Arbitrary<T>): Arbitrary<T | undefined> {
  return oneof({ weight, arbitrary }, { weight: 10 - weight, arbitrary: constant(undefined) });
}
