import type { SortCondition } from '../expressions/key-condition.ts';
import { afterPrefix, sortableText } from '../storage/order-preserving.ts';
import type { KeyAttribute, KeySchema } from '../storage/table-store.ts';
import { invalid } from '../refusals.ts';
import type { AttributeValue, KeyValue } from '../values/attribute-value.ts';
import { equalValues } from '../values/compare.ts';
import { type Predicate, pathsOf } from './where.ts';

/** One way to fulfil a WHERE clause: a partition, a range of its sort key, and what else has to be true. */
export interface KeyBranch {
  readonly partition: KeyValue;
  readonly sort: readonly SortCondition[];
  /** Says something of the sort key that is no range: `sk <> …` or `NOT …`. */
  readonly negated: boolean;
  readonly predicates: readonly Predicate[];
}

/** What is read of a partition in one go. */
export interface KeyRead {
  readonly partition: KeyValue;
  readonly sort: SortCondition | undefined;
}

/**
 * Finds the keys that a WHERE clause asks for: it is taken apart at each OR that says anything of the key, and
 * each branch has to name one partition. DynamoDB reads by key then, and all of the table or index otherwise.
 *
 * @returns the branches in the order of their partitions; undefined when the whole has to be scanned
 * @throws AwsError ValidationException for values of other types than the key's, overlaps, or too many reads
 */
export function planBranches(predicate: Predicate | undefined, key: KeySchema): readonly KeyBranch[] | undefined {
  if (!predicate) return undefined;
  const names = new Set([key.partition.name, ...(key.sort ? [key.sort.name] : [])]);
  const found: (Branch & { readonly partitionValue: AttributeValue })[] = [];
  for (const predicates of alternatives(predicate, names)) {
    const values = predicates.flatMap((each) => equality(each, key.partition.name) ?? []);
    const [partitionValue] = values;
    if (!partitionValue || values.some((value) => !equalValues(value, partitionValue))) return undefined;
    found.push({ predicates, partitionValue });
  }
  const branches = found.map((branch) => keyBranch(branch, key));
  if (branches.length > maximumReads) throw tooManyReads();
  const sorted = branches.toSorted((a, b) => compareText(sortableText(a.partition), sortableText(b.partition)));
  refuseOverlaps(sorted);
  return sorted;
}

/** What is to be read for branches, each item once. */
export function readsOf(branches: readonly KeyBranch[]): readonly KeyRead[] {
  const byPartition = new Map<string, KeyBranch[]>();
  for (const branch of branches) {
    const text = sortableText(branch.partition);
    const group = byPartition.get(text);
    if (group) group.push(branch);
    else byPartition.set(text, [branch]);
  }
  return [...byPartition.values()].flatMap((group): readonly KeyRead[] => {
    const [first] = group;
    if (!first) return [];
    if (group.length > 1 && group.some(({ negated }) => negated))
      return [{ partition: first.partition, sort: undefined }];
    return group
      .map((branch) => ({ branch, range: rangeOf(branch.sort) }))
      .toSorted((a, b) => compareText(a.range.low, b.range.low))
      .map(({ branch: { partition, sort } }) => ({ partition, sort: narrowest(sort) }));
  });
}

/** The value that a predicate says an attribute has; undefined when it says something else. */
export function equality(predicate: Predicate, name: string): AttributeValue | undefined {
  const term = keyTerm(predicate);
  return term?.name === name && term.operator === '=' ? term.values[0] : undefined;
}

/** The predicates that AND joins. */
export function conjuncts(predicate: Predicate | undefined): readonly Predicate[] {
  if (!predicate) return [];
  return predicate.type === 'and' ? [...conjuncts(predicate.left), ...conjuncts(predicate.right)] : [predicate];
}

interface Branch {
  readonly predicates: readonly Predicate[];
}

const maximumReads = 50;
/** As many as can be put together before the plan is given up. */
const maximumAlternatives = 5000;

function tooManyReads(): Error {
  return invalid('Too many decomposed read operations for a given query.');
}

function alternatives(predicate: Predicate, names: ReadonlySet<string>): readonly (readonly Predicate[])[] {
  if (predicate.type === 'and') {
    const left = alternatives(predicate.left, names);
    const right = alternatives(predicate.right, names);
    if (left.length * right.length > maximumAlternatives) throw tooManyReads();
    return left.flatMap((one) => right.map((other) => [...one, ...other]));
  }
  if (predicate.type === 'or' && pathsOf(predicate).some(([name]) => names.has(name))) {
    return [...alternatives(predicate.left, names), ...alternatives(predicate.right, names)];
  }
  if (predicate.type === 'operation' && predicate.operator === 'IN') {
    const [attribute, ...candidates] = predicate.operands;
    const isKey = attribute?.type === 'path' && attribute.path.length === 1 && names.has(attribute.path[0]);
    if (isKey && candidates.length > 0 && candidates.every(({ type }) => type === 'value')) {
      return candidates.map((candidate) => [{ type: 'operation', operator: '=', operands: [attribute, candidate] }]);
    }
  }
  return [[predicate]];
}

function keyBranch(
  { predicates, partitionValue }: Branch & { readonly partitionValue: AttributeValue },
  key: KeySchema,
): KeyBranch {
  const partition = keyValue(key.partition, partitionValue);
  const { sort } = key;
  if (!sort) return { partition, sort: [], negated: false, predicates };
  return {
    partition,
    sort: predicates.flatMap((predicate) => sortCondition(sort, predicate) ?? []),
    negated: predicates.some(
      (predicate) =>
        (predicate.type === 'not' || (predicate.type === 'operation' && predicate.operator === '<>')) &&
        pathsOf(predicate).some(([name]) => name === sort.name),
    ),
    predicates,
  };
}

function keyValue({ name, type }: KeyAttribute, value: AttributeValue): KeyValue {
  if ((type === 'S' && 'S' in value) || (type === 'N' && 'N' in value) || (type === 'B' && 'B' in value)) {
    return value;
  }
  throw invalid(`Key attribute's data type should match its data type in table's schema: Key ${name}`);
}

function sortCondition(attribute: KeyAttribute, predicate: Predicate): SortCondition | undefined {
  const term = keyTerm(predicate);
  if (term?.name !== attribute.name) return undefined;
  const [first, second] = term.values.map((value) => keyValue(attribute, value));
  if (!first) return undefined;
  if (term.operator === 'BETWEEN') return second && { operator: 'between', low: first, high: second };
  if (term.operator !== 'begins_with') return { operator: term.operator, value: first };
  return 'N' in first ? undefined : { operator: 'begins_with', prefix: first };
}

type Comparator = '=' | '<' | '<=' | '>' | '>=';

interface KeyTerm {
  readonly name: string;
  readonly operator: Comparator | 'BETWEEN' | 'begins_with';
  readonly values: readonly AttributeValue[];
}

/** What an operator becomes when its sides are changed. */
const mirrored: Readonly<Record<Comparator, Comparator>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const comparators = ['=', '<', '<=', '>', '>='] as const;

/** What an operation says of one attribute as a whole, by values that are known. */
function keyTerm(predicate: Predicate): KeyTerm | undefined {
  if (predicate.type !== 'operation') return undefined;
  const { operator, operands } = predicate;
  const values = operands.flatMap((operand) => (operand.type === 'value' ? [operand.value] : []));
  const paths = operands.flatMap((operand) => (operand.type === 'path' ? [operand.path] : []));
  const [path] = paths;
  if (!path || path.length > 1 || paths.length > 1 || values.length !== operands.length - 1) return undefined;
  const [name] = path;
  const isFirst = operands[0]?.type === 'path';
  const comparator = comparators.find((known) => known === operator);
  if (comparator) return { name, operator: isFirst ? comparator : mirrored[comparator], values };
  if (!isFirst || (operator !== 'BETWEEN' && operator !== 'begins_with')) return undefined;
  return { name, operator, values };
}

/** Between two texts that sort as the key does. */
interface Range {
  readonly low: string;
  readonly lowOpen: boolean;
  /** Undefined for no end. */
  readonly high: string | undefined;
  readonly highOpen: boolean;
}

const all: Range = { low: '', lowOpen: false, high: undefined, highOpen: false };

function rangeOf(conditions: readonly SortCondition[]): Range {
  return conditions.map(rangeOfCondition).reduce(intersection, all);
}

function rangeOfCondition(condition: SortCondition): Range {
  if (condition.operator === 'begins_with') {
    const low = sortableText(condition.prefix);
    return { low, lowOpen: false, high: afterPrefix(low), highOpen: true };
  }
  if (condition.operator === 'between') {
    return { ...all, low: sortableText(condition.low), high: sortableText(condition.high) };
  }
  const text = sortableText(condition.value);
  if (condition.operator === '=') return { ...all, low: text, high: text };
  if (condition.operator.startsWith('<')) return { ...all, high: text, highOpen: condition.operator === '<' };
  return { ...all, low: text, lowOpen: condition.operator === '>' };
}

function intersection(a: Range, b: Range): Range {
  const lower = a.low > b.low || (a.low === b.low && a.lowOpen) ? a : b;
  const aEndsFirst =
    a.high !== undefined && (b.high === undefined || a.high < b.high || (a.high === b.high && a.highOpen));
  const upper = aEndsFirst ? a : b;
  return { low: lower.low, lowOpen: lower.lowOpen, high: upper.high, highOpen: upper.highOpen };
}

function isEmpty({ low, lowOpen, high, highOpen }: Range): boolean {
  return high !== undefined && (low > high || (low === high && (lowOpen || highOpen)));
}

/** Negated sort keys are not looked at, and may overlap. */
function refuseOverlaps(branches: readonly KeyBranch[]): void {
  const ranges = branches
    .filter(({ negated }) => !negated)
    .map(({ partition, sort }) => ({ text: sortableText(partition), range: rangeOf(sort) }));
  for (const [at, one] of ranges.entries()) {
    if (isEmpty(one.range)) continue;
    for (const other of ranges.slice(at + 1)) {
      if (one.text !== other.text || isEmpty(other.range)) continue;
      if (!isEmpty(intersection(one.range, other.range))) {
        throw invalid('Overlapping conditions with range keys are not supported in where clause');
      }
    }
  }
}

/** One condition to read by, where there are several; the others filter. */
function narrowest(conditions: readonly SortCondition[]): SortCondition | undefined {
  return conditions.find(({ operator }) => operator === '=') ?? conditions[0];
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
