import { notWellFormed } from './refusals.ts';

/** Where a token stands in its statement; line and column count from one. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
  /** Characters, quotes included. */
  readonly length: number;
}

/** A token of a statement. Quotes are taken off its text. */
export interface Token extends SourcePosition {
  readonly type: 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'end';
  readonly text: string;
}

/** Reads the tokens of a statement one after the other; behind the last is always `end`. */
export interface TokenReader {
  peek(): Token;
  peekSecond(): Token;
  take(): Token;
  /** Takes the next token if it is this keyword, in whatever case. */
  takeKeyword(keyword: string): boolean;
  takeSymbol(symbol: string): boolean;
}

/**
 * Splits a statement into tokens; comments, line and block ones, are no more than space.
 *
 * @throws AwsError ValidationException without a detail for what is no token
 */
export function readTokens(statement: string): TokenReader {
  const tokens = tokenize(statement);
  const end = tokens.at(-1);
  if (!end) throw new TypeError('A statement without an end.');
  let next = 0;
  const at = (index: number): Token => tokens[index] ?? end;
  return {
    peek: () => at(next),
    peekSecond: () => at(next + 1),
    take: () => at(next++),
    takeKeyword(keyword) {
      if (!isKeyword(at(next), keyword)) return false;
      next += 1;
      return true;
    },
    takeSymbol(symbol) {
      if (!isSymbol(at(next), symbol)) return false;
      next += 1;
      return true;
    },
  };
}

export function isKeyword(token: Token, keyword: string): boolean {
  return token.type === 'word' && token.text.toUpperCase() === keyword;
}

export function isSymbol(token: Token, symbol: string): boolean {
  return token.type === 'symbol' && token.text === symbol;
}

const patterns: readonly (readonly [Token['type'] | 'space', RegExp])[] = [
  ['space', /\s+|--[^\n]*|\/\*[\s\S]*?\*\//y],
  ['string', /'(?:[^']|'')*'/y],
  ['quoted', /"(?:[^"]|"")*"/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_$][\p{L}\p{N}_$]*/uy],
  ['symbol', /<<|>>|<>|!=|<=|>=|\|\||[-+*%=<>()[\]{},.:;?]|\/(?!\*)/y],
];

function tokenize(statement: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let line = 1;
  let lineStart = 0;
  while (offset < statement.length) {
    const [type, text] = match(statement, offset);
    if (type !== 'space') {
      const position = { line, column: offset - lineStart + 1, length: text.length };
      tokens.push({ type, text: withoutQuotes(type, text), ...position });
      if (type === 'number') refuseScale(text);
    }
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      line += 1;
      lineStart = offset + at + 1;
    }
    offset += text.length;
  }
  tokens.push({ type: 'end', text: '', line, column: offset - lineStart + 1, length: 0 });
  return tokens;
}

function match(statement: string, offset: number): readonly [Token['type'] | 'space', string] {
  for (const [type, pattern] of patterns) {
    pattern.lastIndex = offset;
    const text = pattern.exec(statement)?.[0];
    if (text === undefined) continue;
    // A number ends where no word goes on.
    if (type === 'number' && /[\p{L}_$]/u.test(statement.charAt(offset + text.length))) throw notWellFormed();
    return [type, text];
  }
  throw notWellFormed();
}

function withoutQuotes(type: Token['type'], text: string): string {
  if (type === 'string') return text.slice(1, -1).replaceAll("''", "'");
  return type === 'quoted' ? text.slice(1, -1).replaceAll('""', '"') : text;
}

/** Numbers are read as Java's BigDecimal, whose exponent and scale have 32 bits. */
function refuseScale(text: string): void {
  const [mantissa = '', exponent = '0'] = text.split(/[eE]/);
  const fraction = mantissa.split('.')[1]?.length ?? 0;
  const power = Number(exponent);
  for (const number of [power, fraction - power]) {
    if (number > 2 ** 31 - 1 || number < -(2 ** 31)) throw notWellFormed();
  }
}
