import { isReserved } from './keywords.ts';
import { invalidAt, notWellFormed } from './refusals.ts';
import type { BinaryOperator, Expression, PathExpression, StructField } from './syntax.ts';
import { isKeyword, isSymbol, type SourcePosition, type Token, type TokenReader } from './tokens.ts';

/** Reads expressions of one statement, and counts its parameters. */
export interface ExpressionReader {
  readonly tokens: TokenReader;
  parameters: number;
  /** How many expressions the next lies in. */
  depth: number;
  /** Reads what begins with FROM where an expression should be, and what EXISTS( may hold. */
  readonly readNested: (keyword: 'FROM' | 'SELECT') => Expression;
}

/**
 * Reads an expression; what binds weakest comes first: OR, AND, NOT, comparisons, sums, products, terms.
 *
 * @throws AwsError ValidationException in the words of AWS's parser
 */
export function readExpression(reader: ExpressionReader): Expression {
  if (++reader.depth > maximumDepth) throw notWellFormed();
  const expression = readBinary(reader, 0);
  reader.depth -= 1;
  return expression;
}

/** Reads a document path. @throws AwsError ValidationException */
export function readPath(reader: ExpressionReader): PathExpression {
  const { tokens } = reader;
  const first = tokens.take();
  const path: [string, ...(string | number)[]] = [first.text];
  for (;;) {
    if (tokens.takeSymbol('.')) {
      const { type, text } = tokens.peek();
      if (type !== 'quoted' && (type !== 'word' || isReserved(text))) throw notWellFormed('Invalid path dot component');
      path.push(tokens.take().text);
    } else if (tokens.takeSymbol('[')) {
      path.push(readIndex(tokens));
      expectSymbol(tokens, ']');
    } else return { type: 'path', path, ...positionOf(first) };
  }
}

export function positionOf({ line, column, length }: SourcePosition): SourcePosition {
  return { line, column, length };
}

/** @throws AwsError ValidationException when the next token is another */
export function expectSymbol(tokens: TokenReader, symbol: string): void {
  if (!tokens.takeSymbol(symbol)) throw notWellFormed(`Expected ${symbolNames[symbol] ?? symbol}`);
}

const symbolNames: Readonly<Record<string, string>> = {
  '(': 'left parenthesis',
  ')': 'right parenthesis',
  ']': 'right bracket',
  '}': 'right curly',
  '>>': 'right double angle bracket',
  ':': 'colon',
};

/** Far more than a statement of 8 KB needs. */
const maximumDepth = 400;

const levels: readonly (readonly string[])[] = [
  ['OR'],
  ['AND'],
  ['=', '<>', '!=', '<', '<=', '>', '>=', 'LIKE'],
  ['+', '-', '||'],
  ['*', '/', '%'],
];
const comparisons = 2;

function readBinary(reader: ExpressionReader, level: number): Expression {
  const { tokens } = reader;
  const operators = levels[level];
  if (!operators) return readSigned(reader);
  if (level === comparisons && isKeyword(tokens.peek(), 'NOT')) return readNot(reader);
  let left = readBinary(reader, level + 1);
  for (;;) {
    const next = tokens.peek();
    const operator = operators.find((known) => isSymbol(next, known) || isKeyword(next, known));
    if (operator !== undefined) {
      tokens.take();
      if (tokens.peek().type === 'end') {
        throw notWellFormed('Missing right-hand side expression of infix operator');
      }
      const right = readBinary(reader, level + 1);
      const name = (operator === '!=' ? '<>' : operator) as BinaryOperator;
      left = { type: 'binary', operator: name, left, right, ...positionOf(next) };
      continue;
    }
    const test = level === comparisons ? readTest(reader, left) : undefined;
    if (!test) return left;
    left = test;
  }
}

function readNot(reader: ExpressionReader): Expression {
  if (++reader.depth > maximumDepth) throw notWellFormed();
  const position = positionOf(reader.tokens.take());
  const operand = readBinary(reader, comparisons);
  reader.depth -= 1;
  return { type: 'not', operand, ...position };
}

/** `[NOT] IN`, `[NOT] BETWEEN` and `IS [NOT]`; undefined when there is none of them. */
function readTest(reader: ExpressionReader, operand: Expression): Expression | undefined {
  const { tokens } = reader;
  const position = positionOf(tokens.peek());
  const second = tokens.peekSecond();
  const negated = isKeyword(tokens.peek(), 'NOT') && (isKeyword(second, 'IN') || isKeyword(second, 'BETWEEN'));
  if (negated) tokens.take();
  let test: Expression | undefined;
  let negatedBehind = false;
  if (tokens.takeKeyword('IN')) test = { type: 'in', operand, candidates: readCandidates(reader), ...position };
  else if (tokens.takeKeyword('BETWEEN')) {
    const low = readBinary(reader, comparisons + 1);
    if (!tokens.takeKeyword('AND')) throw notWellFormed('Expected AND after BETWEEN');
    test = { type: 'between', operand, low, high: readBinary(reader, comparisons + 1), ...position };
  } else if (tokens.takeKeyword('IS')) {
    negatedBehind = tokens.takeKeyword('NOT');
    test = { type: 'is', operand, typeName: readTypeName(tokens), ...position };
  }
  return test && (negated || negatedBehind) ? { type: 'not', operand: test, ...position } : test;
}

function readCandidates(reader: ExpressionReader): readonly Expression[] {
  const { tokens } = reader;
  const close = tokens.takeSymbol('[') ? ']' : tokens.takeSymbol('<<') ? '>>' : ')';
  if (close === ')') expectSymbol(tokens, '(');
  return readList(reader, close);
}

const typeNames: ReadonlySet<string> = new Set(
  (
    'MISSING NULL BOOL BOOLEAN SMALLINT INT INT2 INT4 INT8 INTEGER INTEGER2 INTEGER4 INTEGER8 BIGINT FLOAT REAL ' +
    'DECIMAL NUMERIC TIMESTAMP DATE TIME CHAR CHARACTER VARCHAR STRING SYMBOL CLOB BLOB STRUCT TUPLE LIST SEXP BAG ANY'
  ).split(' '),
);

function readTypeName(tokens: TokenReader): string {
  const name = tokens.peek().type === 'word' ? tokens.peek().text.toUpperCase() : '';
  const isDouble = name === 'DOUBLE' && isKeyword(tokens.peekSecond(), 'PRECISION');
  if (!isDouble && !typeNames.has(name)) throw notWellFormed('Expected type name');
  tokens.take();
  if (isDouble) tokens.take();
  if (name === 'CHARACTER' && tokens.takeKeyword('VARYING')) return 'CHARACTER VARYING';
  return isDouble ? 'DOUBLE PRECISION' : name;
}

function readSigned(reader: ExpressionReader): Expression {
  const { tokens } = reader;
  const token = tokens.peek();
  if (!isSymbol(token, '-') && !isSymbol(token, '+')) return readTerm(reader);
  tokens.take();
  if (++reader.depth > maximumDepth) throw notWellFormed();
  const operand = readSigned(reader);
  reader.depth -= 1;
  if (operand.type !== 'number') return { type: 'sign', operand, ...positionOf(token) };
  if (token.text === '+') return operand;
  const text = operand.text.startsWith('-') ? operand.text.slice(1) : `-${operand.text}`;
  return { ...operand, text };
}

function readTerm(reader: ExpressionReader): Expression {
  const { tokens } = reader;
  const token = tokens.peek();
  const position = positionOf(token);
  switch (token.type) {
    case 'string':
    case 'number':
      return { type: token.type, text: tokens.take().text, ...position };
    case 'quoted':
      return readPath(reader);
    case 'word':
      return readWord(reader, token);
    case 'end':
      throw notWellFormed('Unexpected term');
    case 'symbol':
      return readBracketed(reader, token);
    default:
      return token.type satisfies never;
  }
}

const operatorWords: ReadonlySet<string> = new Set([
  'AND',
  'OR',
  'IS',
  'IN',
  'LIKE',
  'BETWEEN',
  'UNION',
  'EXCEPT',
  'INTERSECT',
]);

function readWord(reader: ExpressionReader, token: Token): Expression {
  const { tokens } = reader;
  const position = positionOf(token);
  const word = token.text.toUpperCase();
  const isCall = isSymbol(tokens.peekSecond(), '(');
  if (word === 'FROM') return reader.readNested('FROM');
  if (operatorWords.has(word)) throw notWellFormed('Unexpected operator');
  if (word === 'TRUE' || word === 'FALSE') {
    tokens.take();
    return { type: 'boolean', value: word === 'TRUE', ...position };
  }
  if (word === 'NULL' || word === 'MISSING') {
    tokens.take();
    return { type: word === 'NULL' ? 'null' : 'missing', ...position };
  }
  if (isCall && (word === 'EXISTS' || !isReserved(word))) {
    tokens.take();
    tokens.take();
    if (word === 'EXISTS' && isKeyword(tokens.peek(), 'SELECT')) {
      const nested = reader.readNested('SELECT');
      expectSymbol(tokens, ')');
      return { ...nested, ...position };
    }
    return { type: 'call', name: token.text.toLowerCase(), operands: readList(reader, ')'), ...position };
  }
  if (isReserved(word)) throw notWellFormed('Unexpected keyword');
  return readPath(reader);
}

function readBracketed(reader: ExpressionReader, token: Token): Expression {
  const { tokens } = reader;
  const position = positionOf(token);
  const known = ['?', '(', '[', '<<', '{'].includes(token.text);
  if (!known) throw notWellFormed('Unexpected term');
  tokens.take();
  if (token.text === '?') return { type: 'parameter', index: reader.parameters++, ...position };
  if (token.text === '{') return { type: 'struct', fields: readFields(reader), ...position };
  if (token.text === '[') return { type: 'list', elements: readList(reader, ']'), ...position };
  if (token.text === '<<') return { type: 'bag', elements: readList(reader, '>>'), ...position };
  const inner = readExpression(reader);
  expectSymbol(tokens, ')');
  return inner;
}

function readList(reader: ExpressionReader, close: string): readonly Expression[] {
  const elements: Expression[] = [];
  if (reader.tokens.takeSymbol(close)) return elements;
  do elements.push(readExpression(reader));
  while (reader.tokens.takeSymbol(','));
  expectSymbol(reader.tokens, close);
  return elements;
}

function readFields(reader: ExpressionReader): readonly StructField[] {
  const { tokens } = reader;
  const fields: StructField[] = [];
  if (tokens.takeSymbol('}')) return fields;
  do {
    const { type, text } = tokens.take();
    if (type !== 'string' && type !== 'quoted') throw notWellFormed('Invalid struct field name');
    expectSymbol(tokens, ':');
    fields.push({ name: text, value: readExpression(reader) });
  } while (tokens.takeSymbol(','));
  expectSymbol(tokens, '}');
  return fields;
}

/** The name of a map's entry in quotes, or a position in a list. */
function readIndex(tokens: TokenReader): string | number {
  if (tokens.peek().type === 'string') return tokens.take().text;
  const negative = tokens.takeSymbol('-');
  const token = tokens.take();
  if (token.type !== 'number' || !/^\d+$/.test(token.text)) throw notWellFormed('Invalid path component');
  const index = Number(token.text);
  if (index > 2 ** 31 - 1 || (negative && index > 0)) {
    const shown = negative ? `-${token.text}` : token.text;
    throw invalidAt(`List index is not within the allowable range; index: [${shown}]`, token);
  }
  return index;
}
