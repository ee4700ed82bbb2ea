import { AwsError } from '../../../service.ts';
import { compileRegex, MAXIMUM_REGEXES } from './regex.ts';
import { PERCENT_REGEX, QUOTED, type Scanner, unescapeQuoted } from './scanner.ts';

/** Whether a parsed log event, an object or a list of fields, meets a condition. */
export type Condition<Event> = (event: Event) => boolean;

/** Finds the values that a subject, such as `$.user.id`, means in an event; none when it is not there. */
export type Subject<Event> = (event: Event) => readonly unknown[];

const OPERATOR = /!=|<=|>=|=|<|>/y;
const PLAIN_VALUE = /(?![=!<>])(?:[^\s(){}"%&|,\]]|&(?!&)|\|(?!\|))+/y;

/**
 * Parses conditions joined by `&&` and `||` (which binds less) and grouped by parentheses, up to where
 * they end.
 *
 * @param takeSubject reads the left side of one condition
 * @throws AwsError InvalidParameterException
 */
export function parseConditions<Event>(
  scanner: Scanner,
  takeSubject: (scanner: Scanner) => Subject<Event>,
  budget: { regexes: number } = { regexes: 0 },
): Condition<Event> {
  return takeAlternatives();

  function takeAlternatives(): Condition<Event> {
    const alternatives = [takeAll()];
    while (scanner.take(/\|\|/y)) alternatives.push(takeAll());
    return (event) => alternatives.some((condition) => condition(event));
  }

  function takeAll(): Condition<Event> {
    const conditions = [takeOne()];
    while (scanner.take(/&&/y)) conditions.push(takeOne());
    return (event) => conditions.every((condition) => condition(event));
  }

  function takeOne(): Condition<Event> {
    if (scanner.take(/\(/y)) {
      const inner = takeAlternatives();
      if (!scanner.take(/\)/y)) throw scanner.refusal();
      return inner;
    }
    const subject = takeSubject(scanner);
    if (scanner.take(/NOT\s+EXISTS\b/y)) return (event) => subject(event).length === 0;
    const constant = scanner.take(/IS\s+(NULL|TRUE|FALSE)\b/y)?.[1];
    if (constant !== undefined) {
      const expected = constant === 'NULL' ? null : constant === 'TRUE';
      return (event) => subject(event).includes(expected);
    }
    const operator = scanner.take(OPERATOR)?.[0];
    if (operator === undefined) throw scanner.refusal();
    const test = takeComparison(operator);
    // A selector that points to an object or a list matches nothing, whatever the operator (user guide).
    return (event) => subject(event).some((value) => !isNested(value) && test(value));
  }

  function takeComparison(operator: string): (value: unknown) => boolean {
    const equals = takeEquality(operator);
    return operator === '!=' ? (value) => !equals(value) : equals;
  }

  function takeEquality(operator: string): (value: unknown) => boolean {
    if (operator !== '=' && operator !== '!=') return takeOrder(operator);
    const regex = scanner.take(PERCENT_REGEX);
    if (regex) {
      budget.regexes += 1;
      if (budget.regexes > MAXIMUM_REGEXES) {
        throw new AwsError(
          'InvalidParameterException',
          `A filter pattern can hold no more than ${MAXIMUM_REGEXES} regular expressions.`,
        );
      }
      const compiled = compileRegex(regex[1] ?? '');
      return (value) => compiled.test(textOf(value));
    }
    const quoted = scanner.take(QUOTED);
    if (quoted) return wildcardTest(unescapeQuoted(quoted[1] ?? ''));
    const plain = scanner.take(PLAIN_VALUE)?.[0];
    if (plain === undefined) throw scanner.refusal();
    const number = Number(plain);
    const matches = wildcardTest(plain);
    return (value) => (typeof value === 'number' && value === number) || matches(value);
  }

  function takeOrder(operator: string): (value: unknown) => boolean {
    const literal = scanner.take(PLAIN_VALUE)?.[0];
    const limit = Number(literal);
    if (literal === undefined) throw scanner.refusal();
    if (Number.isNaN(limit)) {
      throw new AwsError('InvalidParameterException', `Invalid numeric value in filter pattern: ${literal}`);
    }
    return (value) => {
      const number = numberOf(value);
      if (number === undefined) return false;
      if (operator === '<') return number < limit;
      if (operator === '<=') return number <= limit;
      return operator === '>' ? number > limit : number >= limit;
    };
  }
}

/** `*` stands for any text, also none. */
function wildcardTest(pattern: string): (value: unknown) => boolean {
  if (!pattern.includes('*')) return (value) => textOf(value) === pattern;
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`))
    .join('.*');
  const compiled = new RegExp(`^${source}$`, 's');
  return (value) => compiled.test(textOf(value));
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}
