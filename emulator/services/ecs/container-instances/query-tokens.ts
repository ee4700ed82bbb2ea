import { AwsError } from '../../../service.ts';

/** The comparisons; the negative ones are these with `negated`. */
export type Operator = '==' | '>' | '>=' | '<' | '<=' | 'exists' | 'in' | '=~';

type Plain = '(' | ')' | 'and' | 'or' | 'not' | 'subject';

/** A piece of an expression of the cluster query language, with its text as written. */
export type Token =
  | { [Kind in Plain]: { readonly kind: Kind; readonly text: string } }[Plain]
  | { readonly kind: 'operator'; readonly text: string; readonly operator: Operator; readonly negated: boolean }
  | { readonly kind: 'argument'; readonly text: string; readonly values: readonly string[] };

/**
 * Cuts an expression into tokens. What stands after an operator that takes an argument is that
 * argument, whatever it looks like: a value may hold any character but a space, `&&` and `||`, and
 * with quotes those too.
 *
 * @throws AwsError InvalidParameterException for text that is no token
 */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  for (;;) {
    position += /^\s*/.exec(expression.slice(position))?.[0].length ?? 0;
    const rest = expression.slice(position);
    if (rest === '') return tokens;
    const token = nextToken(expression, rest, tokens.at(-1));
    tokens.push(token);
    position += token.text.length;
  }
}

/** The refusal of a malformed expression. */
export function invalidExpression(expression: string, why: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid expression: ${expression} (${why}).`);
}

/** Longer spellings first, so that `>=` is not read as `>`. */
const operators: readonly (readonly [string, Operator, boolean])[] = [
  ['==', '==', false],
  ['!=', '==', true],
  ['=~', '=~', false],
  ['!~', '=~', true],
  ['>=', '>=', false],
  ['<=', '<=', false],
  ['>', '>', false],
  ['<', '<', false],
  ['!exists', 'exists', true],
  ['!in', 'in', true],
  ['not_equals', '==', true],
  ['equals', '==', false],
  ['greater_than_equal', '>=', false],
  ['greater_than', '>', false],
  ['less_than_equal', '<=', false],
  ['less_than', '<', false],
  ['not_exists', 'exists', true],
  ['exists', 'exists', false],
  ['not_in', 'in', true],
  ['in', 'in', false],
  ['not_matches', '=~', true],
  ['matches', '=~', false],
];

function nextToken(expression: string, rest: string, previous: Token | undefined): Token {
  if (previous?.kind === 'operator' && previous.operator === 'in') return readList(expression, rest);
  if (previous?.kind === 'operator' && previous.operator !== 'exists') return readValue(expression, rest);
  if (previous?.kind === 'subject') {
    const known = operators.find(
      ([text]) => rest.startsWith(text) && (/\W$/.test(text) || !/^\w/.test(rest.slice(text.length))),
    );
    if (!known) throw invalidExpression(expression, `expected an operator at "${rest}"`);
    const [text, operator, negated] = known;
    return { kind: 'operator', text, operator, negated };
  }
  const symbol = /^(?:\(|\)|&&|\|\||!)/.exec(rest)?.[0];
  if (symbol !== undefined) {
    const kind = symbol === '&&' ? 'and' : symbol === '||' ? 'or' : symbol === '!' ? 'not' : symbol;
    return { kind: kind as '(' | ')' | 'and' | 'or' | 'not', text: symbol };
  }
  const word = /^(?:and|or|not)(?![\w:.-])/i.exec(rest)?.[0];
  if (word !== undefined) return { kind: word.toLowerCase() as 'and' | 'or' | 'not', text: word };
  const subject = /^[A-Za-z][\w:./\\-]*/.exec(rest)?.[0];
  if (subject === undefined) throw invalidExpression(expression, `unexpected "${rest}"`);
  return { kind: 'subject', text: subject };
}

function readValue(expression: string, rest: string): Token {
  const quoted = readQuoted(expression, rest);
  if (quoted) return { kind: 'argument', text: quoted.text, values: [quoted.value] };
  // A parenthesis belongs to the value as long as it is balanced within it, as in (t2|t3).*
  let depth = 0;
  let end = 0;
  for (; end < rest.length; end += 1) {
    const character = rest.charAt(end);
    if (/\s/.test(character)) break;
    if (depth === 0 && (rest.startsWith('&&', end) || rest.startsWith('||', end))) break;
    if (character === '(') depth += 1;
    if (character === ')') {
      if (depth === 0) break;
      depth -= 1;
    }
  }
  if (end === 0) throw invalidExpression(expression, `expected a value at "${rest}"`);
  const text = rest.slice(0, end);
  return { kind: 'argument', text, values: [text] };
}

function readList(expression: string, rest: string): Token {
  if (!rest.startsWith('[')) throw invalidExpression(expression, 'an argument list stands in square brackets');
  const values: string[] = [];
  let position = 1;
  for (;;) {
    position += /^[\s,]*/.exec(rest.slice(position))?.[0].length ?? 0;
    const here = rest.slice(position);
    if (here.startsWith(']')) break;
    const quoted = readQuoted(expression, here);
    const text = quoted?.text ?? /^[^\s,\]]+/.exec(here)?.[0];
    if (text === undefined) throw invalidExpression(expression, 'the argument list is not closed');
    values.push(quoted?.value ?? text);
    position += text.length;
  }
  if (values.length === 0) throw invalidExpression(expression, 'the argument list is empty');
  return { kind: 'argument', text: rest.slice(0, position + 1), values };
}

function readQuoted(expression: string, rest: string): { text: string; value: string } | undefined {
  const quote = rest.charAt(0);
  if (quote !== "'" && quote !== '"') return undefined;
  const end = rest.indexOf(quote, 1);
  if (end < 0) throw invalidExpression(expression, `the quote ${quote} is not closed`);
  return { text: rest.slice(0, end + 1), value: rest.slice(1, end) };
}
