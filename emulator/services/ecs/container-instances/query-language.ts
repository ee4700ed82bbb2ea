import { invalidExpression, tokenize, type Operator, type Token } from './query-tokens.ts';

/** What a query can ask of one container instance. */
export interface QueryFacts {
  readonly agentConnected: boolean;
  readonly agentVersion: string | undefined;
  readonly ec2InstanceId: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly registeredAt: number;
  readonly runningTasksCount: number;
  /** By name; undefined for an attribute without a value. */
  readonly attributes: ReadonlyMap<string, string | undefined>;
  /** The groups of the tasks on it. */
  readonly taskGroups: readonly string[];
}

/** A parsed expression: whether a container instance belongs to the group that it describes. */
export type Query = (facts: QueryFacts) => boolean;

/**
 * Parses an expression of the cluster query language, e.g.
 * `attribute:ecs.instance-type =~ t2.* and not(task:group == database)`.
 * `or` binds weaker than `and`, and `and` weaker than `not`.
 *
 * Source: ECS developer guide, "Create expressions to define container instances for Amazon ECS tasks".
 *
 * @throws AwsError InvalidParameterException that names the expression and what is wrong in it
 */
export function parseQuery(expression: string): Query {
  const parser = { expression, tokens: tokenize(expression), position: 0 };
  if (parser.tokens.length === 0) throw invalidExpression(expression, 'it is empty');
  const query = parseOr(parser);
  const rest = parser.tokens[parser.position];
  if (rest) throw invalidExpression(expression, `unexpected "${rest.text}"`);
  return query;
}

interface Parser {
  readonly expression: string;
  readonly tokens: readonly Token[];
  position: number;
}

function parseOr(parser: Parser): Query {
  const terms = [parseAnd(parser)];
  while (take(parser, 'or')) terms.push(parseAnd(parser));
  return (facts) => terms.some((term) => term(facts));
}

function parseAnd(parser: Parser): Query {
  const terms = [parseNot(parser)];
  while (take(parser, 'and')) terms.push(parseNot(parser));
  return (facts) => terms.every((term) => term(facts));
}

function parseNot(parser: Parser): Query {
  if (take(parser, 'not')) {
    const negated = parseNot(parser);
    return (facts) => !negated(facts);
  }
  if (take(parser, '(')) {
    const inner = parseOr(parser);
    if (!take(parser, ')')) throw invalidExpression(parser.expression, 'a closing parenthesis is missing');
    return inner;
  }
  return parseComparison(parser);
}

function parseComparison(parser: Parser): Query {
  const subject = take(parser, 'subject');
  if (!subject) throw invalidExpression(parser.expression, `expected a subject ${found(parser)}`);
  const operator = take(parser, 'operator');
  if (!operator) {
    throw invalidExpression(parser.expression, `expected an operator after "${subject.text}" ${found(parser)}`);
  }
  const values: string[] = [];
  if (operator.operator !== 'exists') {
    const argument = take(parser, 'argument');
    if (!argument) throw invalidExpression(parser.expression, `"${operator.text}" needs an argument`);
    values.push(...argument.values);
  }
  const test = comparison(parser.expression, subject.text, operator.operator, values);
  return operator.negated ? (facts) => !test(facts) : test;
}

/**
 * The negative operators (`!=`, `!in`, `!~`, `!exists`) are the negation of these, so that an instance
 * without an attribute is one whose attribute is not equal to anything.
 */
function comparison(expression: string, subject: string, operator: Operator, values: readonly string[]): Query {
  const { kind, operators, read } = subjectOf(expression, subject);
  if (!operators.has(operator)) {
    throw invalidExpression(expression, `the operator "${operator}" cannot be used with "${subject}"`);
  }
  if (operator === 'exists') return (facts) => read(facts).present;
  const candidates = (facts: QueryFacts) => read(facts).values;
  if (operator === 'in') {
    return (facts) => candidates(facts).some((actual) => values.some((value) => equal(kind, actual, value)));
  }
  const [value = ''] = values;
  if (kind === 'date' && Number.isNaN(parseDate(value))) {
    throw invalidExpression(expression, `"${value}" is not a date`);
  }
  if (kind === 'number' && !isNumber(value)) throw invalidExpression(expression, `"${value}" is not a number`);
  if (operator === '=~') {
    const pattern = javaPattern(expression, value);
    return (facts) => candidates(facts).some((actual) => pattern.test(actual));
  }
  return (facts) =>
    candidates(facts).some((actual) => {
      if (operator === '==') return equal(kind, actual, value);
      const order = compare(kind, actual, value);
      return operator === '>' ? order > 0 : operator === '>=' ? order >= 0 : operator === '<' ? order < 0 : order <= 0;
    });
}

type Kind = 'text' | 'boolean' | 'number' | 'version' | 'date';

interface Subject {
  readonly kind: Kind;
  readonly operators: ReadonlySet<Operator>;
  readonly read: (facts: QueryFacts) => { readonly present: boolean; readonly values: readonly string[] };
}

const membership: ReadonlySet<Operator> = new Set<Operator>(['==', 'in', '=~', 'exists']);
const ordering: ReadonlySet<Operator> = new Set<Operator>(['==', '>', '>=', '<', '<=', 'exists']);
const every: ReadonlySet<Operator> = new Set<Operator>([...membership, ...ordering]);

function subjectOf(expression: string, name: string): Subject {
  const one = (value: string | undefined) => ({
    present: value !== undefined,
    values: value === undefined ? [] : [value],
  });
  switch (name) {
    case 'agentConnected':
      return { kind: 'boolean', operators: membership, read: (facts) => one(String(facts.agentConnected)) };
    case 'agentVersion':
      return { kind: 'version', operators: ordering, read: (facts) => one(facts.agentVersion) };
    case 'ec2InstanceId':
      return { kind: 'text', operators: membership, read: (facts) => one(facts.ec2InstanceId) };
    case 'registeredAt':
      return {
        kind: 'date',
        operators: ordering,
        read: (facts) => one(new Date(facts.registeredAt).toISOString()),
      };
    case 'runningTasksCount':
      return { kind: 'number', operators: ordering, read: (facts) => one(String(facts.runningTasksCount)) };
    case 'task:group':
      return {
        kind: 'text',
        operators: membership,
        read: (facts) => ({ present: facts.taskGroups.length > 0, values: facts.taskGroups }),
      };
    default: {
      const attribute = /^attribute:(?<name>.+)$/.exec(name)?.groups?.['name'];
      if (attribute === undefined) throw invalidExpression(expression, `unknown subject "${name}"`);
      return {
        kind: 'text',
        operators: every,
        read: (facts) => {
          const value = facts.attributes.get(attribute);
          return { present: facts.attributes.has(attribute), values: value === undefined ? [] : [value] };
        },
      };
    }
  }
}

function equal(kind: Kind, actual: string, value: string): boolean {
  if (kind === 'boolean') return actual === value.toLowerCase();
  return kind === 'text' ? actual === value : compare(kind, actual, value) === 0;
}

/** Below, at or above zero. Attribute values are compared as numbers when both are, else as text. */
function compare(kind: Kind, actual: string, value: string): number {
  if (kind === 'date') return parseDate(actual) - parseDate(value);
  if (kind === 'version') return compareVersions(actual, value);
  if (isNumber(actual) && isNumber(value)) return Number(actual) - Number(value);
  return actual < value ? -1 : actual > value ? 1 : 0;
}

function compareVersions(actual: string, value: string): number {
  const parts = (version: string) => version.replace(/^v/, '').split('.').map(Number);
  const [left, right] = [parts(actual), parts(value)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** 2018-06-18T22:28:28+00:00, …Z, without a zone (then UTC), and 2018-06-18. */
function parseDate(text: string): number {
  const zoned = /T/.test(text) && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text;
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(zoned) : Number.NaN;
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

/** The guide asks for Java's syntax: the whole value must match, and flags may stand in front, as in `(?i)`. */
function javaPattern(expression: string, source: string): RegExp {
  const flags = /^\(\?(?<flags>[ims]+)\)/.exec(source);
  try {
    return new RegExp(`^(?:${source.slice(flags?.[0].length ?? 0)})$`, flags?.groups?.['flags'] ?? '');
  } catch {
    throw invalidExpression(expression, `"${source}" is not a regular expression`);
  }
}

function take<Kind extends Token['kind']>(parser: Parser, kind: Kind): Extract<Token, { kind: Kind }> | undefined {
  const token = parser.tokens[parser.position];
  if (token?.kind !== kind) return undefined;
  parser.position += 1;
  return token as Extract<Token, { kind: Kind }>;
}

function found(parser: Parser): string {
  const token = parser.tokens[parser.position];
  return token ? `but found "${token.text}"` : 'but the expression ended';
}
