import { expect, test } from '@playwright/test';
import { assert, constantFrom, letrec, property, record } from 'fast-check';
import type { AttributeValue, Item } from '../values/attribute-value.ts';
import { parseCondition } from './condition.ts';
import { openScope } from './scope.ts';

const kind = 'FilterExpression';

const item: Item = {
  txt: { S: 'apple' },
  wide: { S: 'é𝄞' },
  num: { N: '10' },
  bin: { B: Uint8Array.of(1, 2, 3) },
  flag: { BOOL: true },
  nil: { NULL: true },
  texts: { SS: ['a', 'b'] },
  numbers: { NS: ['1', '2.5'] },
  binaries: { BS: [Uint8Array.of(1)] },
  elements: { L: [{ S: 'x' }, { M: { deep: { N: '1' } } }, { SS: ['q'] }] },
  entries: { M: { 'a.b': { S: 'dotted' }, inside: { L: [{ N: '7' }] } } },
};

const values: Readonly<Record<string, AttributeValue>> = {
  ':s': { S: 'apple' },
  ':a': { S: 'a' },
  ':p': { S: 'pp' },
  ':S': { S: 'S' },
  ':SS': { S: 'SS' },
  ':n0': { N: '0' },
  ':n1': { N: '1' },
  ':n3': { N: '3' },
  ':n9': { N: '9' },
  ':n10': { N: '10.0' },
  ':n11': { N: '11' },
  ':b': { B: Uint8Array.of(2, 3) },
  ':b1': { B: Uint8Array.of(1) },
  ':x': { S: 'x' },
  ':set': { SS: ['b', 'a'] },
  ':qs': { SS: ['q'] },
  ':dotted': { S: 'dotted' },
  ':true': { BOOL: true },
  ':null': { NULL: true },
};

test.describe('conditions are true or false', () => {
  const cases: readonly [string, boolean][] = [
    ['txt = :s', true],
    ['txt <> :s', false],
    ['num = :n10', true],
    ['num > :n9', true],
    ['num >= :n10 AND num <= :n10', true],
    ['num < :n9', false],
    ['num BETWEEN :n9 AND :n11', true],
    ['NOT num BETWEEN :n9 AND :n10', false],
    ['txt IN (:a, :s)', true],
    ['txt IN (:a, :n10)', false],
    ['flag = :true', true],
    ['nil = :null', true],
    ['texts = :set', true],
    // Operands whose types do not go together make it false.
    ['txt < :n9', false],
    ['txt >= :n9', false],
    ['txt = :n10', false],
    ['txt <> :n10', true],
    // So does what is not there, except where difference is asked for.
    ['absent = :s', false],
    ['absent <> :s', true],
    ['absent < :s', false],
    ['NOT absent < :s', true],
    ['absent IN (:s)', false],
    ['attribute_exists(txt)', true],
    ['attribute_exists(absent)', false],
    ['attribute_not_exists(absent.deeper[3])', true],
    ['attribute_exists(nil)', true],
    ['attribute_exists(elements[1].deep)', true],
    ['attribute_exists(elements[3])', false],
    ['attribute_exists(txt.deep)', false],
    ['entries.#dotted = :dotted', true],
    ['entries.inside[0] > :n3', true],
    ['attribute_type(txt, :S)', true],
    ['attribute_type(texts, :SS)', true],
    ['attribute_type(texts, :S)', false],
    ['attribute_type(absent, :S)', false],
    ['begins_with(txt, :a)', true],
    ['begins_with(bin, :b1)', true],
    ['begins_with(bin, :b)', false],
    ['begins_with(num, :a)', false],
    ['begins_with(:s, txt)', true],
    ['contains(txt, :p)', true],
    ['contains(texts, :a)', true],
    ['contains(texts, :p)', false],
    ['contains(numbers, :n1)', true],
    ['contains(binaries, :b1)', true],
    ['contains(bin, :b)', true],
    ['contains(elements, :x)', true],
    ['contains(elements, :qs)', true],
    ['contains(entries, :x)', false],
    ['contains(absent, :x)', false],
    ['size(txt) > :n3', true],
    // UTF-16 code units, as AWS counts.
    ['size(wide) = :n3', true],
    ['size(bin) = :n3', true],
    ['size(elements) = :n3', true],
    ['size(num) > :n0', false],
    ['size(absent) >= :n0', false],
    // NOT binds closer than AND, AND closer than OR.
    ['txt = :s OR txt = :a AND txt = :p', true],
    ['(txt = :s OR txt = :a) AND txt = :p', false],
    ['NOT txt = :a AND num = :n10', true],
    ['NOT (txt = :s AND num = :n11)', true],
    ['not (txt = :s)or num=:n10', true],
    ['(txt) between (:a) and (:s)', true],
  ];
  for (const [text, expected] of cases) {
    test(text, () => {
      const scope = openScope({ ExpressionAttributeNames: { '#dotted': 'a.b' }, ExpressionAttributeValues: values });
      expect(parseCondition(scope, kind, text).holds(item)).toBe(expected);
    });
  }

  test('AND, OR and NOT agree with a model of them', () => {
    interface Formula {
      readonly text: string;
      readonly truth: boolean;
    }
    const { formula } = letrec<{ formula: Formula; leaf: Formula; pair: Formula; negation: Formula }>((tie) => ({
      leaf: constantFrom({ text: 'txt = :s', truth: true }, { text: 'txt = :a', truth: false }),
      negation: tie('leaf').map(({ text, truth }) => ({ text: `NOT ${text}`, truth: !truth })),
      pair: record({ operator: constantFrom('AND', 'OR'), left: tie('leaf'), right: tie('formula') }).map(combine),
      formula: constantFrom(0, 1, 2).chain((choice) => tie((['leaf', 'negation', 'pair'] as const)[choice] ?? 'leaf')),
    }));
    const scope = openScope({ ExpressionAttributeValues: values });
    assert(
      property(formula, ({ text, truth }) => expect(parseCondition(scope, kind, text).holds(item), text).toBe(truth)),
    );
  });
});

test('a condition tells which attributes it looks at, and which it looks into', () => {
  const scope = openScope({ ExpressionAttributeNames: { '#n': 'n' }, ExpressionAttributeValues: { ':v': { N: '1' } } });
  const condition = parseCondition(scope, kind, 'a.b = :v OR NOT size(#n[0]) > :v AND attribute_exists(c)');
  expect([...condition.attributes]).toEqual(['a', 'n', 'c']);
  expect([...(condition.nestedAttributes ?? [])]).toEqual(['a', 'n']);
});

test.describe('conditions are refused in the words of AWS', () => {
  const operand = (operator: string, type: string) =>
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`;
  const count = (operator: string, operands: number) =>
    `Incorrect number of operands for operator or function; operator or function: ${operator}, number of operands: ${operands}`;
  const misplaced = (name: string) =>
    `The function is not allowed to be used this way in an expression; function: ${name}`;
  const distinct = (operator: string, path: string) =>
    'The first operand must be distinct from the remaining operands for this operator or function; ' +
    `operator: ${operator}, first operand: ${path}`;
  const redundant = 'The expression has redundant parentheses;';
  const cases: readonly [string, string | RegExp, AttributeValue?][] = [
    ['', 'The expression can not be empty;'],
    ['  ', 'The expression can not be empty;'],
    ['a = = b', 'Syntax error; token: "=", near: "= = b"'],
    ['a = ', 'Syntax error; token: "<EOF>", near: "="'],
    ...[
      'things are not gonna be ok',
      'a > 4',
      'a',
      'a AND b = c',
      'attribute_exists(Pictures-RearView)',
      'attribute_exists("Pictures.RearView")',
      'attribute_exists(Pictures..RearView)',
      'attribute_exists(Pi#ctures.RearView)',
      'attribute_exists(asdf[a])',
      'attribute_exists()',
      'a.:a < b.:b',
      'a in b, c',
      'a in (b,c,)',
      'a > between',
      '(a)between(b.(c.d))and(c)',
      '(a)between(b.c.d)and((c)',
      '#$.b > a',
      '_a = b',
      'a > :things.stuff',
      'b[:a] > a',
      'ü > a',
      '(a)between(b.c[4.5].#d)and(:a)',
      'size(a).b > a',
      '(size(a))[0] > a',
      '(a = b) = c',
      'NOT a',
    ].map((text) => [text, /^Invalid FilterExpression: Syntax error; token: /] as [string, RegExp]),
    ...[
      'a=a and a > ((views))',
      '(a)between(((b.c)))and(c)',
      'a > whatever((:things), ((a)))',
      'a=a AND ((a=a AND a=a)) AND a=a',
      'a=a OR ((a=a OR (a=a OR a=a)))',
      '((attribute_exists(a)))',
      `${'('.repeat(2000)}a=b${')'.repeat(2000)}`,
    ].map((text) => [text, redundant] as [string, string]),
    ['a=a and whatever((:things)) > a', 'Invalid function name; function: whatever'],
    ['attRIbute_exIsts((views), #a)', 'Invalid function name; function: attRIbute_exIsts'],
    ['if_not_exists(a, b) = c', 'Invalid function name; function: if_not_exists'],
    ['a=a and attribute_exists((views), (#a)) > b', misplaced('attribute_exists')],
    ['size(contains(a, b)) > a', misplaced('contains')],
    ['size(things)', misplaced('size')],
    ['a between b and attribute_exists(things)', misplaced('attribute_exists')],
    ['a in (b, attribute_exists(things))', misplaced('attribute_exists')],
    ['attribute_exists(views, #a)', 'Attribute name is a reserved keyword; reserved keyword: views'],
    [':a < abOrT', 'Attribute name is a reserved keyword; reserved keyword: abOrT'],
    ['begins_with(a.#b)', 'An expression attribute name used in the document path is not defined; attribute name: #b'],
    ['#4g > a', 'An expression attribute name used in the document path is not defined; attribute name: #4g'],
    [
      'begins_with(:no, #a, #b)',
      'An expression attribute value used in expression is not defined; attribute value: :no',
    ],
    ['attribute_exists(things, a) and a=a', count('attribute_exists', 2)],
    ['attribute_type(things)', count('attribute_type', 1)],
    ['begins_with(things, size(a), b)', count('begins_with', 3)],
    ['size(things, a) > b', count('size', 2)],
    ['attribute_type(a, b)', operand('attribute_type', '{B,NULL,SS,BOOL,L,BS,N,NS,S,M}')],
    ['attribute_type(a, size(a)) and a=a', operand('attribute_type', 'N')],
    ['attribute_type(a, :a)', operand('attribute_type', 'M'), { M: {} }],
    ['attribute_type(a, :a)', /Invalid attribute type name found; type: 1, valid types: \{.*\}$/, { S: '1' }],
    ['begins_with(a, :a)', operand('begins_with', 'N'), { N: '1' }],
    ['begins_with(:a, a)', operand('begins_with', 'SS'), { SS: ['1'] }],
    ['size(:a) > a', operand('size', 'BOOL'), { BOOL: true }],
    ['size(size(a)) > a', operand('size', 'N')],
    ['a < :a', operand('<', 'L'), { L: [] }],
    ['a between :a and b', operand('BETWEEN', 'BOOL'), { BOOL: true }],
    ['attribute_not_exists(size(:a))', operand('size', 'N'), { N: '1' }],
    [
      'attribute_not_exists(size(:a))',
      'Operator or function requires a document path; operator or function: attribute_not_exists',
      { S: '1' },
    ],
    ['a = a AND b = :no', distinct('=', '[a]')],
    ['((a=a) OR (a=a))', distinct('=', '[a]')],
    ['contains(ab.bc[1].a, ab.bc[1].a)', distinct('contains', '[ab, bc, [1], a]')],
    ['attribute_type(a[0], a[0])', distinct('attribute_type', '[a, [0]]')],
    [
      'a between :a and :b',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' +
        'lower bound operand: AttributeValue: {S:z}, upper bound operand: AttributeValue: {S:b}',
      { S: 'z' },
    ],
    [
      'a between :a and :b',
      'The BETWEEN operator requires same data type for lower and upper bounds; ' +
        'lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:b}',
      { N: '1' },
    ],
    [
      `a IN (${Array.from({ length: 101 }, () => ':b').join(',')})`,
      'The IN operator is provided with too many operands; number of operands: 101',
    ],
    [
      Array.from({ length: 151 }, () => 'a<b').join(' OR '),
      'The expression contains too many operators; operator count: 301',
    ],
    [`${'a'.repeat(4093)} < b`, 'Expression size has exceeded the maximum allowed size; expression size: 4097'],
    ['attribute_exists(a[2147483648])', 'List index is not within the allowable range; index: [2147483648]'],
    [`attribute_exists(a${'.b'.repeat(32)})`, 'The document path has too many nesting elements; nesting levels: 33'],
  ];
  for (const [text, message, value] of cases) {
    test(`${text.slice(0, 60)}: ${String(message)}`, () => {
      const scope = openScope({ ExpressionAttributeValues: { ':a': value ?? { S: 'a' }, ':b': { S: 'b' } } });
      expect(() => parseCondition(scope, kind, text)).toThrow(refusal(message));
    });
  }

  test('a condition of 4096 bytes with 300 operators is none too many', () => {
    const text = `${Array.from({ length: 150 }, () => 'a<b').join(' OR ')} OR ${'a'.repeat(3000)}<b`;
    const scope = openScope({});
    expect(() => parseCondition(scope, kind, text)).toThrow('operator count: 301');
    expect(parseCondition(scope, kind, text.replace('a<b OR ', '')).holds({})).toBe(false);
  });
});

function refusal(message: string | RegExp): string | RegExp {
  return typeof message === 'string' ? `Invalid ${kind}: ${message}` : message;
}

/** Two conditions, as the language reads them: everything behind an operator belongs to it. */
function combine({
  operator,
  left,
  right,
}: {
  readonly operator: string;
  readonly left: { readonly text: string; readonly truth: boolean };
  readonly right: { readonly text: string; readonly truth: boolean };
}): { readonly text: string; readonly truth: boolean } {
  const truth = operator === 'AND' ? left.truth && right.truth : left.truth || right.truth;
  return { text: `${left.text} ${operator} (${right.text})`, truth };
}
