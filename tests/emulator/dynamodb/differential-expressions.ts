import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Arbitrary, array, constant, constantFrom, integer, letrec, oneof, tuple } from 'fast-check';
import { attributeValue } from './differential-values.ts';

/** The placeholders that expressions have, whatever a call gives for them. */
const valuePlaceholders = [':v0', ':v1', ':v2', ':v3', ':v4'] as const;
const namePlaceholders: Readonly<Record<string, string>> = { '#a': 'a', '#name': 'name', '#ab': 'a.b', '#pk': 'pk' };

/** Values for the placeholders, by their place. */
export const placeholderValues = tuple(...valuePlaceholders.map(() => attributeValue));

const top = oneof(
  { weight: 12, arbitrary: constantFrom('a', 'b', 'c', '#a', '#name') },
  { weight: 3, arbitrary: constantFrom('g', 'h', 'x') },
  { weight: 1, arbitrary: constantFrom('pk', 'sk', '#pk') },
);
const step = constantFrom('.a', '.b', '.#ab', '[0]', '[1]', '[2]');
const path = oneof(
  { weight: 5, arbitrary: top },
  { weight: 3, arbitrary: tuple(top, step).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: tuple(top, step, step).map((parts) => parts.join('')) },
);
const placeholder = constantFrom(...valuePlaceholders);
const operand = oneof(
  { weight: 4, arbitrary: path },
  { weight: 5, arbitrary: placeholder },
  { weight: 1, arbitrary: path.map((of) => `size(${of})`) },
);
const type = constantFrom(':tS', ':tN', ':tL', ':tSS', ':tM');

const { condition } = letrec<{ condition: string }>((tie) => ({
  condition: oneof(
    { maxDepth: 3 },
    tuple(operand, constantFrom('=', '<>', '<', '<=', '>', '>='), operand).map((parts) => parts.join(' ')),
    tuple(constantFrom('attribute_exists', 'attribute_not_exists'), path).map(([name, of]) => `${name}(${of})`),
    tuple(constantFrom('begins_with', 'contains'), path, operand).map(([name, of, x]) => `${name}(${of}, ${x})`),
    tuple(path, type).map(([of, name]) => `attribute_type(${of}, ${name})`),
    tuple(operand, operand, operand).map(([of, from, to]) => `${of} BETWEEN ${from} AND ${to}`),
    tuple(operand, array(operand, { minLength: 1, maxLength: 3 })).map(([of, list]) => `${of} IN (${list.join(', ')})`),
    tuple(tie('condition'), constantFrom('AND', 'OR'), tie('condition')).map((parts) => parts.join(' ')),
    tie('condition').map((inner) => `NOT ${inner}`),
    tie('condition').map((inner) => `(${inner})`),
  ),
}));

const setValue = oneof(
  operandOfUpdate(),
  tuple(operandOfUpdate(), constantFrom('+', '-'), operandOfUpdate()).map((parts) => parts.join(' ')),
);

function operandOfUpdate(): Arbitrary<string> {
  const simple = oneof({ weight: 3, arbitrary: placeholder }, { weight: 1, arbitrary: path });
  return oneof(
    { weight: 5, arbitrary: simple },
    { weight: 1, arbitrary: tuple(path, simple).map(([of, or]) => `if_not_exists(${of}, ${or})`) },
    { weight: 1, arbitrary: tuple(simple, simple).map(([head, tail]) => `list_append(${head}, ${tail})`) },
  );
}

const clause = (keyword: string, action: Arbitrary<string>): Arbitrary<string> =>
  array(action, { minLength: 1, maxLength: 2 }).map((actions) => `${keyword} ${actions.join(', ')}`);

const update = array(
  oneof(
    {
      weight: 4,
      arbitrary: clause(
        'SET',
        tuple(path, setValue).map((parts) => parts.join(' = ')),
      ),
    },
    { weight: 2, arbitrary: clause('REMOVE', path) },
    {
      weight: 2,
      arbitrary: clause(
        'ADD',
        tuple(path, placeholder).map((parts) => parts.join(' ')),
      ),
    },
    {
      weight: 1,
      arbitrary: clause(
        'DELETE',
        tuple(path, placeholder).map((parts) => parts.join(' ')),
      ),
    },
  ),
  { minLength: 1, maxLength: 2 },
).map((clauses) => clauses.join(' '));

const projection = array(path, { minLength: 1, maxLength: 3 }).map((paths) => paths.join(', '));

/** Expressions as their texts; now and then one that cannot be parsed. */
export const expressions = {
  condition: sometimesBroken(condition),
  update: sometimesBroken(update),
  projection: sometimesBroken(projection),
} as const;

/** The condition of a Query: on the partition key, maybe also on the sort key. Its values are `:k0` to `:k2`. */
export function keyCondition(partition: string, sort: string | undefined): Arbitrary<string> {
  const equal = `${partition} = :k0`;
  if (sort === undefined) return sometimesBroken(constant(equal));
  const range = oneof(
    constantFrom('=', '<', '<=', '>', '>=').map((operator) => `${sort} ${operator} :k1`),
    constantFrom(`${sort} BETWEEN :k1 AND :k2`, `begins_with(${sort}, :k1)`),
  );
  return sometimesBroken(
    oneof(
      constant(equal),
      range.map((second) => `${equal} AND ${second}`),
      range.map((first) => `${first} AND ${equal}`),
    ),
  );
}

/** The parameters of a call that its expressions need: each placeholder that is in one of them, and no other. */
export function placeholdersOf(
  texts: readonly (string | undefined)[],
  values: readonly AttributeValue[],
  keys: readonly AttributeValue[] = [],
): { ExpressionAttributeNames?: Record<string, string>; ExpressionAttributeValues?: Record<string, AttributeValue> } {
  const used = new Set(texts.flatMap((text) => text?.match(/[:#]\w+/g) ?? []));
  const types = ['S', 'N', 'L', 'SS', 'M'].map((name): [string, AttributeValue] => [`:t${name}`, { S: name }]);
  const given = [
    ...types,
    ...values.map((value, at): [string, AttributeValue] => [`:v${at}`, value]),
    ...keys.map((value, at): [string, AttributeValue] => [`:k${at}`, value]),
  ].filter(([name]) => used.has(name));
  const names = Object.entries(namePlaceholders).filter(([name]) => used.has(name));
  return {
    ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
    ...(given.length > 0 && { ExpressionAttributeValues: Object.fromEntries(given) }),
  };
}

function sometimesBroken(expression: Arbitrary<string>): Arbitrary<string> {
  const breaks: readonly ((text: string) => string)[] = [
    (text) => text.slice(0, -1),
    (text) => `${text} AND`,
    (text) => `${text})`,
    (text) => text.replace(/[:#]\w+/, ':missing'),
    (text) => text.replace(/\b[abc]\b/, 'status'),
    (text) => text.replace(' ', ' , '),
  ];
  return tuple(expression, integer({ min: 0, max: 30 * breaks.length })).map(
    ([text, at]) => breaks[at]?.(text) ?? text,
  );
}
