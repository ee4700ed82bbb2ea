import { invalid } from '../refusals.ts';
import type { KeySchema } from '../storage/table-store.ts';
import { attributeOf, type AttributeValue, type Item } from '../values/attribute-value.ts';
import { equalValues } from '../values/compare.ts';
import { conjuncts, equality } from './key-plan.ts';
import type { Predicate } from './where.ts';

/** The item that a WHERE clause names. */
export interface NamedItem {
  readonly key: Item;
  /** What it says besides; empty when it names the item and nothing else. */
  readonly rest: readonly Predicate[];
}

/**
 * Takes the key of one item out of a WHERE clause. A second value for a part of the key is among the rest.
 *
 * @param options `singleIn`: whether `key IN [value]` is as good as `key = value`, which it is for reads
 * @returns undefined when a part of the key is not there
 */
export function namedItem(
  { partition, sort }: KeySchema,
  where: Predicate | undefined,
  options: { readonly singleIn: boolean },
): NamedItem | undefined {
  const names = sort ? [partition.name, sort.name] : [partition.name];
  const key: Record<string, AttributeValue> = {};
  const rest: Predicate[] = [];
  for (const predicate of conjuncts(where)) {
    const simple = options.singleIn ? withoutIn(predicate) : predicate;
    const name = names.find((each) => equality(simple, each));
    const value = name === undefined ? undefined : equality(simple, name);
    if (name === undefined || !value) {
      rest.push(predicate);
      continue;
    }
    const known = attributeOf(key, name);
    if (!known) key[name] = value;
    else if (!equalValues(known, value)) rest.push(predicate);
  }
  return names.every((name) => attributeOf(key, name)) ? { key, rest } : undefined;
}

/** @throws AwsError ValidationException for a write that names a part of the key twice */
export function refuseSecondKey({ partition, sort }: KeySchema, { rest }: NamedItem): void {
  for (const { name } of sort ? [partition, sort] : [partition]) {
    if (rest.some((predicate) => equality(predicate, name))) {
      throw invalid(`Multiple conditions on same key ${name}. Only single item Update/Insert/Delete are supported`);
    }
  }
}

function withoutIn(predicate: Predicate): Predicate {
  if (predicate.type !== 'operation' || predicate.operator !== 'IN' || predicate.operands.length !== 2)
    return predicate;
  return { ...predicate, operator: '=' };
}
