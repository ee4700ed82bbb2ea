import { AwsError } from '../../../service.ts';
import { parseConditions, type Subject } from './condition.ts';
import { createScanner, type Scanner } from './scanner.ts';

/** Compiles `{ $.user.id = 1 && $.tags[0] = "a*" }`; messages that are no JSON object or list never match. */
export function compileJsonPattern(pattern: string): (message: string) => boolean {
  const scanner = createScanner(pattern);
  if (!scanner.take(/\{/y)) throw scanner.refusal();
  const budget = { wildcards: 0 };
  const condition = parseConditions(scanner, () => takeSelector(scanner, budget));
  if (!scanner.take(/\}/y) || !scanner.isAtEnd()) throw scanner.refusal();
  return (message) => {
    const start = message.trimStart().charAt(0);
    if (start !== '{' && start !== '[') return false;
    try {
      return condition(JSON.parse(message));
    } catch {
      return false;
    }
  };
}

/** One step from a value to those within it. */
type Step = (value: unknown) => readonly unknown[];

/** The most wildcards in one property selector, and in all selectors of a pattern (user guide, quotas). */
const MAXIMUM_WILDCARDS = { selector: 1, pattern: 3 };

/** A property selector: `$`, then `.name`, `.*`, `['name']`, `[3]` or `[*]`, any number of them. */
function takeSelector(scanner: Scanner, budget: { wildcards: number }): Subject<unknown> {
  if (!scanner.take(/\$(?=[.[])/y)) throw scanner.refusal();
  const steps: Step[] = [];
  for (;;) {
    const step = takeStep(scanner);
    if (!step) break;
    steps.push(step);
  }
  if (steps.length === 0) throw scanner.refusal();
  const wildcards = steps.filter((step) => step === childrenOf || step === elementsOf).length;
  budget.wildcards += wildcards;
  if (wildcards > MAXIMUM_WILDCARDS.selector || budget.wildcards > MAXIMUM_WILDCARDS.pattern) {
    throw new AwsError(
      'InvalidParameterException',
      `A filter pattern can hold one wildcard in each property selector, and ${MAXIMUM_WILDCARDS.pattern} in all.`,
    );
  }
  return (event) => steps.reduce<readonly unknown[]>((values, step) => values.flatMap(step), [event]);
}

function takeStep(scanner: Scanner): Step | undefined {
  if (scanner.take(/\.\*/y)) return childrenOf;
  if (scanner.take(/\[\*\]/y)) return elementsOf;
  const index = scanner.take(/\[(\d+)\]/y)?.[1];
  if (index !== undefined) {
    return (value) => (Array.isArray(value) && Number(index) < value.length ? [value[Number(index)]] : []);
  }
  const bracketed = scanner.take(/\.?\[(?:'([^']+)'|"([^"]+)")\]/y);
  const name = bracketed ? (bracketed[1] ?? bracketed[2]) : scanner.take(/\.([\p{L}\p{N}_-]+)/uy)?.[1];
  return name === undefined
    ? undefined
    : (value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []);
}

function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
