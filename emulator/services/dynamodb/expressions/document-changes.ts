import { AwsError } from '../../../service.ts';
import { attributeOf, setAttribute, type AttributeValue, type Item } from '../values/attribute-value.ts';
import type { DocumentPath } from './document-path.ts';

/** What is to be done at one path of an item: another value put there, or the one there removed. */
export interface DocumentChange {
  readonly path: DocumentPath;
  /** Undefined to remove what is there. */
  readonly value: AttributeValue | undefined;
}

/**
 * Makes the item that results of changes, none of which lies in another. Indexes are those of the item as it was:
 * removals shift nothing before all changes are made, and what is put behind a list's end is appended in the order
 * of its indexes.
 *
 * @throws AwsError ValidationException for a path whose parent is not there, or no map or list as the path has it
 */
export function applyChanges(item: Item, changes: readonly DocumentChange[]): Item {
  return changeMap(item, branches(changes));
}

/** A change, and the rest of its path from where the walk is. */
interface Branch {
  readonly rest: readonly (string | number)[];
  readonly value: AttributeValue | undefined;
}

function branches(changes: readonly DocumentChange[]): readonly Branch[] {
  return changes.map(({ path, value }) => ({ rest: path, value }));
}

function changeMap(map: Item, changes: readonly Branch[]): Item {
  const changed: Record<string, AttributeValue> = {};
  for (const name of Object.keys(map)) {
    const value = map[name];
    if (value !== undefined) setAttribute(changed, name, value);
  }
  for (const [name, own] of byElement(changes)) {
    if (typeof name !== 'string') throw invalidPath();
    const value = changeValue(attributeOf(map, name), own);
    if (value === undefined) delete changed[name];
    else setAttribute(changed, name, value);
  }
  return changed;
}

function changeList(list: readonly AttributeValue[], changes: readonly Branch[]): readonly AttributeValue[] {
  const changed: (AttributeValue | undefined)[] = [...list];
  for (const [index, own] of [...byElement(changes)].toSorted(([a], [b]) => Number(a) - Number(b))) {
    if (typeof index !== 'number') throw invalidPath();
    const value = changeValue(list[index], own);
    if (index < list.length) changed[index] = value;
    else changed.push(value);
  }
  return changed.filter((element) => element !== undefined);
}

function changeValue(value: AttributeValue | undefined, changes: readonly Branch[]): AttributeValue | undefined {
  const whole = changes.find(({ rest }) => rest.length === 0);
  if (whole !== undefined) return whole.value;
  if (value !== undefined && 'M' in value) return { M: changeMap(value.M, changes) };
  if (value !== undefined && 'L' in value) return { L: changeList(value.L, changes) };
  throw invalidPath();
}

function byElement(changes: readonly Branch[]): ReadonlyMap<string | number, readonly Branch[]> {
  const grouped = new Map<string | number, Branch[]>();
  for (const { rest, value } of changes) {
    const [element] = rest;
    if (element === undefined) continue;
    const inner = { rest: rest.slice(1), value };
    const own = grouped.get(element);
    if (own === undefined) grouped.set(element, [inner]);
    else own.push(inner);
  }
  return grouped;
}

function invalidPath(): AwsError {
  return new AwsError(
    'ValidationException',
    'The document path provided in the update expression is invalid for update',
  );
}
