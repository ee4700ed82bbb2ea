import { invalidExpression, type ExpressionKind } from './expression-kind.ts';

/** The tokens of an expression, read one after the other. */
export interface TokenReader {
  readonly kind: ExpressionKind;
  /** The next token. */
  peek(): Token;
  /** The one behind it. */
  peekSecond(): Token;
  /** Takes the next token. */
  take(): Token;
  /** Takes the next token when it is this symbol. */
  takeSymbol(symbol: string): boolean;
  /** Takes the next token when it is this word, in whatever case. */
  takeKeyword(keyword: string): boolean;
  /** @throws AwsError ValidationException when the next token is not this symbol */
  expectSymbol(symbol: string): void;
  /** The refusal of the next token. */
  syntaxError(): Error;
}

export interface Token {
  /** `name` is a bare word, `nameReference` a `#name`, `valueReference` a `:value`. */
  readonly type: 'name' | 'nameReference' | 'valueReference' | 'number' | 'symbol' | 'unknown' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Splits an expression into tokens.
 *
 * @throws AwsError ValidationException when it is empty, or longer than 4 KB as it was sent
 */
export function readTokens(kind: ExpressionKind, text: string): TokenReader {
  if (text.trim() === '') throw invalidExpression(kind, 'The expression can not be empty;');
  const bytes = Buffer.byteLength(text);
  if (bytes > maximumExpressionBytes) {
    const size = kind === 'UpdateExpression' ? '' : ` expression size: ${bytes}`;
    throw invalidExpression(kind, `Expression size has exceeded the maximum allowed size;${size}`);
  }
  const end: Token = { type: 'end', text: '<EOF>', start: text.length, end: text.length };
  const tokens = tokenize(text);
  let position = 0;
  const at = (index: number): Token => tokens[index] ?? end;
  const reader: TokenReader = {
    kind,
    peek: () => at(position),
    peekSecond: () => at(position + 1),
    take: () => at(position++),
    takeSymbol(symbol) {
      const found = at(position).type === 'symbol' && at(position).text === symbol;
      if (found) position++;
      return found;
    },
    takeKeyword(keyword) {
      const found = isKeyword(at(position), keyword);
      if (found) position++;
      return found;
    },
    expectSymbol(symbol) {
      if (!reader.takeSymbol(symbol)) throw reader.syntaxError();
    },
    syntaxError() {
      const token = at(position);
      // AWS shows the token with its neighbours.
      const near = text.slice(at(Math.max(position - 1, 0)).start, at(position + 1).end).trim();
      return invalidExpression(kind, `Syntax error; token: "${token.text}", near: "${near}"`);
    },
  };
  return reader;
}

/** Whether a token is a bare word that says this, in whatever case. */
export function isKeyword(token: Token, keyword: string): boolean {
  return token.type === 'name' && token.text.length === keyword.length && token.text.toUpperCase() === keyword;
}

/** 4 KB, the names and values that references stand for not counted. */
const maximumExpressionBytes = 4096;

const pattern = /\s+|([A-Za-z]\w*)|(#\w+)|(:\w+)|(\d+)|(<>|<=|>=|[<>=()[\].,+-])|(.)/gsu;

const tokenTypes = ['name', 'nameReference', 'valueReference', 'number', 'symbol', 'unknown'] as const;

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(pattern)) {
    for (let group = 0; group < tokenTypes.length; group++) {
      const found = match[group + 1];
      const type = tokenTypes[group];
      if (found === undefined || type === undefined) continue;
      tokens.push({ type, text: found, start: match.index, end: match.index + found.length });
      break;
    }
  }
  return tokens;
}
