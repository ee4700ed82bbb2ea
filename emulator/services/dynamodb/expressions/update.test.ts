import { expect, test } from '@playwright/test';
import type { AttributeValue, Item } from '../values/attribute-value.ts';
import { openScope } from './scope.ts';
import { parseUpdate, type Update } from './update.ts';

const S = (text: string): AttributeValue => ({ S: text });
const N = (number: number): AttributeValue => ({ N: String(number) });
const L = (...elements: AttributeValue[]): AttributeValue => ({ L: elements });
const M = (entries: Item): AttributeValue => ({ M: entries });

function parse(text: string, values?: Readonly<Record<string, unknown>>): Update {
  const names = { '#a': 'a', '#c': 'c', '#d': '[3]', '#1': '1', '#dotted': 'x.y' };
  return parseUpdate(openScope({ ExpressionAttributeNames: names, ExpressionAttributeValues: values }), text);
}

test.describe('updates make another item', () => {
  const before: Item = {
    n: N(10),
    s: S('old'),
    l: L(S('a'), S('b'), S('c')),
    m: M({ x: N(1), y: M({}) }),
    ss: { SS: ['a', 'b'] },
  };
  const cases: readonly [string, Readonly<Record<string, unknown>> | undefined, Item][] = [
    ['SET s = :v', { ':v': S('new') }, { s: S('new') }],
    ['SET s = n, n = s', undefined, { s: N(10), n: S('old') }],
    ['SET #dotted = :v', { ':v': S('v') }, { 'x.y': S('v') }],
    ['SET n = n + :v', { ':v': { N: '0.5' } }, { n: { N: '10.5' } }],
    ['SET n = :v - n', { ':v': N(1) }, { n: N(-9) }],
    ['SET n = ((m.x) + (n))', undefined, { n: N(11) }],
    ['SET s = if_not_exists(s, :v), t = if_not_exists(t, :v)', { ':v': S('v') }, { t: S('v') }],
    ['SET n = if_not_exists(z, n) + :v', { ':v': N(1) }, { n: N(11) }],
    ['SET l = list_append(l, :v)', { ':v': L(S('d')) }, { l: L(S('a'), S('b'), S('c'), S('d')) }],
    ['SET l = list_append(if_not_exists(z, :v), l)', { ':v': L(S('0')) }, { l: L(S('0'), S('a'), S('b'), S('c')) }],
    ['SET m.z = :v', { ':v': S('v') }, { m: M({ x: N(1), y: M({}), z: S('v') }) }],
    ['SET m.y.deep = :v', { ':v': S('v') }, { m: M({ x: N(1), y: M({ deep: S('v') }) }) }],
    ['SET l[1] = :v', { ':v': S('v') }, { l: L(S('a'), S('v'), S('c')) }],
    ['SET l[9] = :v', { ':v': S('v') }, { l: L(S('a'), S('b'), S('c'), S('v')) }],
    [
      'SET l[8] = :8, l[3] = :3, l[5] = :5',
      { ':3': N(3), ':5': N(5), ':8': N(8) },
      { l: L(S('a'), S('b'), S('c'), N(3), N(5), N(8)) },
    ],
    ['REMOVE s, z, m.z, l[7]', undefined, { s: undefined as never }],
    ['REMOVE l[0], l[2]', undefined, { l: L(S('b')) }],
    ['REMOVE l[0] SET l[1] = :v', { ':v': S('v') }, { l: L(S('v'), S('c')) }],
    ['REMOVE m.x', undefined, { m: M({ y: M({}) }) }],
    ['ADD n :v, z :v', { ':v': N(5) }, { n: N(15), z: N(5) }],
    ['ADD ss :v', { ':v': { SS: ['b', 'c', ''] } }, { ss: { SS: ['', 'a', 'b', 'c'] } }],
    ['ADD m.s :v', { ':v': { NS: ['1'] } }, { m: M({ x: N(1), y: M({}), s: { NS: ['1'] } }) }],
    ['DELETE ss :v, z :v', { ':v': { SS: ['b', 'q'] } }, { ss: { SS: ['a'] } }],
    ['DELETE ss :v', { ':v': { SS: ['b', 'a'] } }, { ss: undefined as never }],
    [
      'delete ss :v add n :n remove s set t = :n',
      { ':v': { SS: ['a'] }, ':n': N(1) },
      { ss: { SS: ['b'] }, n: N(11), s: undefined as never, t: N(1) },
    ],
  ];
  for (const [text, values, changed] of cases) {
    test(text, () => {
      const untouched = structuredClone(before);
      expect(parse(text, values).apply(before)).toEqual({ ...before, ...changed });
      expect(before).toEqual(untouched);
    });
  }

  test('an entry may be called __proto__', () => {
    const scope = openScope({
      ExpressionAttributeNames: { '#p': '__proto__' },
      ExpressionAttributeValues: { ':v': N(1) },
    });
    const after = parseUpdate(scope, 'SET #p = :v').apply({});
    expect(JSON.stringify(after)).toBe('{"__proto__":{"N":"1"}}');
  });

  test('operands are read from the item as it was, whatever else is done to it', () => {
    const update = parse('set b.c=((c[1])+(b.a)),b.a = a,c[1] = a, c[4] = b.a - b.b, c[2] = b.c add c[8] :b, c[6] :a', {
      ':a': N(2),
      ':b': { SS: ['a'] },
    });
    const after = update.apply({ a: S('key'), b: M({ a: N(1), b: N(2), c: N(3) }), c: L(N(1), N(3)) });
    expect(after).toEqual({
      a: S('key'),
      b: M({ a: S('key'), b: N(2), c: N(4) }),
      c: L(N(1), S('key'), N(3), N(-1), N(2), { SS: ['a'] }),
    });
    expect(update.touched(after)).toEqual({ b: M({ c: N(4), a: S('key') }), c: L(S('key'), N(3), N(2)) });
  });
});

test('an update tells what it changes, and what it reaches into', () => {
  const update = parse('SET d[1] = e.f, g = h REMOVE i');
  expect([...update.attributes]).toEqual(['d', 'g', 'i']);
  expect([...(update.nestedAttributes ?? [])]).toEqual(['d', 'e']);
});

test.describe('updates that do not fit an item are refused', () => {
  const missing = 'The provided expression refers to an attribute that does not exist in the item';
  const wrongType = 'An operand in the update expression has an incorrect data type';
  const wrongPath = 'The document path provided in the update expression is invalid for update';
  const before: Item = { s: S('x'), l: L(S('a')), m: M({ ss: { SS: ['1'] } }), ns: { NS: ['1'] } };
  const set = { SS: ['a'] };
  const cases: readonly [string, AttributeValue | undefined, string][] = [
    ['SET c = z', undefined, missing],
    ['SET c = z + :v', N(1), missing],
    ['SET c = list_append(z, l)', undefined, missing],
    ['SET c = s + :v', N(1), wrongType],
    ['SET c = :v - m', N(1), wrongType],
    ['SET c = list_append(ns, if_not_exists(f, :v))', L(), wrongType],
    ['ADD ns :v', N(1), wrongType],
    ['ADD s :v', N(1), wrongType],
    ['DELETE ns :v', set, wrongType],
    ['DELETE m.ss :v', { NS: ['1'] }, wrongType],
    ['SET s.a = :v', set, wrongPath],
    ['SET z.a = :v', set, wrongPath],
    ['SET z[1] = :v', set, wrongPath],
    ['SET m[1] = :v', set, wrongPath],
    ['SET l.#1 = :v', set, wrongPath],
    ['SET l[4].x = :v', set, wrongPath],
    ['REMOVE z.a', undefined, wrongPath],
    ['REMOVE m[1]', undefined, wrongPath],
    ['DELETE z.a :v', set, wrongPath],
    ['ADD l.#1 :v', set, wrongPath],
    [
      'SET c = :v + :v',
      { N: '9.9e125' },
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    ],
  ];
  for (const [text, value, message] of cases) {
    test(`${text}: ${message}`, () => {
      const update = parse(text, value && { ':v': value });
      expect(() => update.apply(before)).toThrow(message);
    });
  }

  test('a value that fits alone may lie too deep where it is put', () => {
    let deep = S('leaf');
    for (let level = 0; level < 31; level++) deep = M({ n: deep });
    expect(() => parse('SET a = :v', { ':v': deep }).apply({})).not.toThrow();
    expect(() => parse('SET m.a = :v', { ':v': deep }).apply({ m: M({}) })).toThrow('Nesting Levels have exceeded');
  });
});

test.describe('updates are refused in the words of AWS', () => {
  const all = {
    ':s': S('a'),
    ':n': N(1),
    ':b': { B: Uint8Array.of(1) },
    ':t': { BOOL: true },
    ':null': { NULL: true },
    ':ss': { SS: ['a'] },
    ':l': L(),
    ':m': M({}),
  };
  const overlap = (verb: string, one: string, two: string) =>
    `Two document paths ${verb} with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`;
  const operand = (operator: string, type: string) =>
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`;
  const setOperand = (operator: string, type: string) =>
    'Incorrect operand type for operator or function; ' +
    `operator: ${operator}, operand type: ${type}, typeSet: ALLOWED_FOR_${operator}_OPERAND`;
  const cases: readonly [string, string | RegExp][] = [
    ['', 'The expression can not be empty;'],
    ['INVALID SYNTAX HERE', 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"'],
    ...[
      'whatever',
      'set a',
      'set a=set',
      'remove a = b',
      'add a = b',
      'delete a b',
      'delete a if_not_exist(b)',
      'add abort b',
      'remove a b',
      'set a b',
      'set :a = b',
      'remove :a',
      'set a = b / c',
      'set a[1] = "eight"',
      'set a[1] = 1',
      'SET a = if_not_exist(a, 100)',
      'SET if_not_exist(a, b) = a',
      'set (a = (b + c))',
      'set a = (b.c).d + e',
      'set a = b + c + d',
      'set a = b + (c + d)',
      'set a = b,',
    ].map((text) => [text, /^Invalid UpdateExpression: Syntax error; token: /] as [string, RegExp]),
    [' set #q = :q set abOrt = true ', 'Attribute name is a reserved keyword; reserved keyword: abOrt'],
    ['set #q = if_not_exist(:q) set c = d', 'Invalid function name; function: if_not_exist'],
    ['set a = #q set c = :q', 'The "SET" section can only be used once in an update expression;'],
    ['delete #q :e set a = b delete #e :f', 'The "DELETE" section can only be used once in an update expression;'],
    [
      'SET #q = if_not_exists(:q)',
      'An expression attribute name used in the document path is not defined; attribute name: #q',
    ],
    [
      'SET #a = if_not_exists(:q)',
      'An expression attribute value used in expression is not defined; attribute value: :q',
    ],
    ['set d[1] = a, d.b = a, c[1].a = a, #c = if_not_exists(a)', overlap('overlap', '[c, [1], a]', '[c]')],
    ['set a = b remove a, #c', overlap('overlap', '[a]', '[a]')],
    ['set #c[3].#d = a, #c[3] = a', overlap('overlap', '[c, [3], [3]]', '[c, [3]]')],
    ['remove c, #c.a', overlap('overlap', '[c]', '[c, a]')],
    ['set #c[3].#d = a, #c.#d[3] = if_not_exists(a)', overlap('conflict', '[c, [3], [3]]', '[c, [3], [3]]')],
    ['remove a.#c set a[1] = #d', overlap('conflict', '[a, c]', '[a, [1]]')],
    ['set b = list_append(:s, a), c = if_not_exists(a) add a.b :s', setOperand('ADD', 'STRING')],
    ['delete a.b :n', setOperand('DELETE', 'NUMBER')],
    ['add a :null', setOperand('ADD', 'NULL')],
    ['add a :t', setOperand('ADD', 'BOOLEAN')],
    ['delete a :b', setOperand('DELETE', 'BINARY')],
    ['add a :m', setOperand('ADD', 'MAP')],
    ['add a :l', setOperand('ADD', 'LIST')],
    [
      'set a = list_append(c)',
      'Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1',
    ],
    [
      'set a = if_not_exists(if_not_exists(a, b), c)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    ['set a = list_append(:s, a)', operand('list_append', 'S')],
    ['set a = list_append(a, :ss)', operand('list_append', 'SS')],
    ['set a = :s + :b', operand('+', 'S')],
    ['set a = a - :l', operand('-', 'L')],
    [
      `SET ${'a'.repeat(4089)} = b`,
      /^Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;$/,
    ],
  ];
  for (const [text, message] of cases) {
    test(`${text.slice(0, 60)}: ${String(message)}`, () => {
      expect(() => parse(text, all)).toThrow(refusal(message));
    });
  }
});

function refusal(message: string | RegExp): string | RegExp {
  return typeof message === 'string' ? `Invalid UpdateExpression: ${message}` : message;
}
