import { maximumOperators, redundantParentheses, tooManyOperators } from './condition-syntax.ts';
import { bareNames, readPath, type PathSyntax } from './document-path.ts';
import { invalidExpression } from './expression-kind.ts';
import { isReservedWord } from './reserved-words.ts';
import { isKeyword, readTokens, type TokenReader } from './tokens.ts';

// SET path = value, … REMOVE path, … ADD path :value, … DELETE path :value, …
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html)

export type UpdateActionSyntax =
  | { readonly type: 'SET'; readonly path: PathSyntax; readonly value: UpdateValueSyntax }
  | { readonly type: 'REMOVE'; readonly path: PathSyntax }
  | { readonly type: 'ADD' | 'DELETE'; readonly path: PathSyntax; readonly reference: string };

export type UpdateValueSyntax =
  | UpdateOperandSyntax
  | { readonly type: '+' | '-'; readonly operands: readonly [UpdateOperandSyntax, UpdateOperandSyntax] };

export type UpdateOperandSyntax =
  | { readonly type: 'path'; readonly path: PathSyntax }
  | { readonly type: 'value'; readonly reference: string }
  | { readonly type: 'function'; readonly name: string; readonly operands: readonly UpdateOperandSyntax[] };

/**
 * Reads the text of an update expression, and refuses whatever can be refused without its names and values.
 *
 * @throws AwsError ValidationException
 */
export function readUpdate(text: string): readonly UpdateActionSyntax[] {
  const tokens = readTokens(kind, text);
  const reader: UpdateReader = {
    tokens,
    operators: 0,
    redundant: false,
    reserved: undefined,
    unknownFunction: undefined,
  };
  const actions: UpdateActionSyntax[] = [];
  const sections = new Set<string>();
  let repeated: string | undefined;
  do {
    const section = sectionKeywords.find((keyword) => tokens.takeKeyword(keyword));
    if (section === undefined) throw tokens.syntaxError();
    if (sections.has(section)) repeated ??= section;
    sections.add(section);
    do actions.push(readAction(reader, section));
    while (tokens.takeSymbol(','));
  } while (tokens.peek().type !== 'end');
  if (reader.redundant) throw redundantParentheses(kind);
  if (reader.reserved !== undefined) {
    throw invalidExpression(kind, `Attribute name is a reserved keyword; reserved keyword: ${reader.reserved}`);
  }
  if (reader.unknownFunction !== undefined) {
    throw invalidExpression(kind, `Invalid function name; function: ${reader.unknownFunction}`);
  }
  if (repeated !== undefined) {
    throw invalidExpression(kind, `The "${repeated}" section can only be used once in an update expression;`);
  }
  return actions;
}

const kind = 'UpdateExpression';
const sectionKeywords = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
const functions: ReadonlySet<string> = new Set(['if_not_exists', 'list_append']);

interface UpdateReader {
  readonly tokens: TokenReader;
  operators: number;
  redundant: boolean;
  reserved: string | undefined;
  unknownFunction: string | undefined;
}

function readAction(reader: UpdateReader, section: (typeof sectionKeywords)[number]): UpdateActionSyntax {
  const { tokens } = reader;
  countOperator(reader);
  const path = readUpdatePath(reader);
  if (section === 'REMOVE') return { type: section, path };
  if (section === 'SET') {
    tokens.expectSymbol('=');
    return { type: section, path, value: readValue(reader, 0).value };
  }
  if (tokens.peek().type !== 'valueReference') throw tokens.syntaxError();
  return { type: section, path, reference: tokens.take().text };
}

function readUpdatePath(reader: UpdateReader): PathSyntax {
  const token = reader.tokens.peek();
  if (sectionKeywords.some((keyword) => isKeyword(token, keyword))) throw reader.tokens.syntaxError();
  const path = readPath(reader.tokens);
  reader.reserved ??= bareNames(path).find(isReservedWord);
  return path;
}

interface Read<Syntax> {
  readonly value: Syntax;
  readonly grouped: boolean;
}

/** An operand, or a sum or difference of two. */
function readValue(reader: UpdateReader, depth: number): Read<UpdateValueSyntax> {
  const { tokens } = reader;
  const left = readGroup(reader, depth);
  const sign = tokens.peek().text;
  if (tokens.peek().type !== 'symbol' || (sign !== '+' && sign !== '-')) return left;
  // What adds cannot be added to.
  if (isSum(left.value)) throw tokens.syntaxError();
  tokens.take();
  countOperator(reader);
  const right = readOperand(reader, depth).value;
  return { value: { type: sign, operands: [left.value, right] }, grouped: false };
}

function isSum(value: UpdateValueSyntax): value is Exclude<UpdateValueSyntax, UpdateOperandSyntax> {
  return value.type === '+' || value.type === '-';
}

function readGroup(reader: UpdateReader, depth: number): Read<UpdateValueSyntax> {
  if (!reader.tokens.takeSymbol('(')) return { value: readBareOperand(reader, depth), grouped: false };
  if (depth > maximumDepth) throw redundantParentheses(kind);
  return closeGroup(reader, readValue(reader, depth + 1));
}

function readOperand(reader: UpdateReader, depth: number): Read<UpdateOperandSyntax> {
  if (!reader.tokens.takeSymbol('(')) return { value: readBareOperand(reader, depth), grouped: false };
  if (depth > maximumDepth) throw redundantParentheses(kind);
  return closeGroup(reader, readOperand(reader, depth + 1));
}

function closeGroup<Syntax>(reader: UpdateReader, { value, grouped }: Read<Syntax>): Read<Syntax> {
  reader.tokens.expectSymbol(')');
  if (grouped) reader.redundant = true;
  return { value, grouped: true };
}

function readBareOperand(reader: UpdateReader, depth: number): UpdateOperandSyntax {
  const { tokens } = reader;
  if (tokens.peek().type === 'valueReference') return { type: 'value', reference: tokens.take().text };
  if (tokens.peek().type !== 'name' || tokens.peekSecond().text !== '(') {
    return { type: 'path', path: readUpdatePath(reader) };
  }
  const name = tokens.take().text;
  tokens.take();
  countOperator(reader);
  if (!functions.has(name)) reader.unknownFunction ??= name;
  const operands = [readOperand(reader, depth + 1).value];
  while (tokens.takeSymbol(',')) operands.push(readOperand(reader, depth + 1).value);
  tokens.expectSymbol(')');
  return { type: 'function', name, operands };
}

const maximumDepth = 600;

function countOperator(reader: UpdateReader): void {
  if (++reader.operators > maximumOperators) throw tooManyOperators(kind, reader.operators);
}
