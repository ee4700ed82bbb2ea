import { attributeOf, setAttribute, type AttributeValue, type Item } from '../values/attribute-value.ts';
import { invalidExpression, type ExpressionKind } from './expression-kind.ts';
import { resolveName, type ExpressionScope } from './scope.ts';
import type { TokenReader } from './tokens.ts';

/** Where a value lies in an item: names of attributes and map entries, and positions in lists. */
export type DocumentPath = readonly [string, ...(string | number)[]];

/** A document path as it is written, its `#names` not looked up yet. */
export interface PathSyntax {
  readonly elements: readonly (PathNameSyntax | number)[];
}

interface PathNameSyntax {
  readonly text: string;
  readonly isReference: boolean;
}

/**
 * Reads a document path.
 *
 * @throws AwsError ValidationException for what is no path, too deep, or has an index that no list has
 */
export function readPath(tokens: TokenReader): PathSyntax {
  const elements: (PathNameSyntax | number)[] = [readPathName(tokens)];
  for (;;) {
    if (tokens.takeSymbol('.')) elements.push(readPathName(tokens));
    else if (tokens.takeSymbol('[')) {
      if (tokens.peek().type !== 'number') throw tokens.syntaxError();
      elements.push(listIndex(tokens.kind, tokens.take().text));
      tokens.expectSymbol(']');
    } else break;
  }
  if (elements.length > maximumPathLength) {
    throw invalidExpression(
      tokens.kind,
      `The document path has too many nesting elements; nesting levels: ${elements.length}`,
    );
  }
  return { elements };
}

/** The bare words of a path, which may not be reserved. */
export function bareNames(path: PathSyntax): readonly string[] {
  return path.elements.flatMap((element) => (typeof element === 'number' || element.isReference ? [] : [element.text]));
}

/** Looks up the `#names` of a path. @throws AwsError ValidationException for one that is not defined */
export function resolvePath(kind: ExpressionKind, scope: ExpressionScope, path: PathSyntax): DocumentPath {
  const resolved = path.elements.map((element) => {
    if (typeof element === 'number') return element;
    return element.isReference ? resolveName(kind, scope, element.text) : element.text;
  });
  return resolved as unknown as DocumentPath;
}

/** A path as DynamoDB's messages show it: `[a, b, [1]]`. */
export function describePath(path: DocumentPath): string {
  return `[${path.map((element) => (typeof element === 'number' ? `[${element}]` : element)).join(', ')}]`;
}

export function samePath(a: DocumentPath, b: DocumentPath): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index]);
}

/**
 * Refuses paths of which one lies in the other, or which need the same place to be a map and a list.
 *
 * @throws AwsError ValidationException naming the first two such paths
 */
export function refuseOverlaps(kind: ExpressionKind, paths: readonly DocumentPath[]): void {
  for (const verb of ['overlap', 'conflict'] as const) {
    for (const [index, two] of paths.entries()) {
      const one = paths.slice(0, index).find((earlier) => relation(earlier, two) === verb);
      if (one === undefined) continue;
      throw invalidExpression(
        kind,
        `Two document paths ${verb} with each other; must remove or rewrite one of these paths; ` +
          `path one: ${describePath(one)}, path two: ${describePath(two)}`,
      );
    }
  }
}

/** The value at a path; undefined where there is none. */
export function valueAt(item: Item, path: DocumentPath): AttributeValue | undefined {
  let value = attributeOf(item, path[0]);
  for (let index = 1; index < path.length && value !== undefined; index++) {
    const element = path[index];
    if (typeof element === 'number') value = 'L' in value ? value.L[element] : undefined;
    else if (element !== undefined) value = 'M' in value ? attributeOf(value.M, element) : undefined;
  }
  return value;
}

/** The top-level attributes that paths begin with, and those of them that a path goes into. */
export function attributesOf(paths: readonly DocumentPath[]): {
  readonly attributes: ReadonlySet<string>;
  readonly nestedAttributes: ReadonlySet<string>;
} {
  return {
    attributes: new Set(paths.map(([name]) => name)),
    nestedAttributes: new Set(paths.filter(({ length }) => length > 1).map(([name]) => name)),
  };
}

/** The part of an item that lies at any of the paths. Elements of a list move together, in their order. */
export function pickPaths(item: Item, paths: readonly DocumentPath[]): Item {
  return pickFromMap(item, paths);
}

const maximumPathLength = 32;
const maximumIndex = 2 ** 31 - 1;

function readPathName(tokens: TokenReader): PathNameSyntax {
  const { type } = tokens.peek();
  if (type !== 'name' && type !== 'nameReference') throw tokens.syntaxError();
  return { text: tokens.take().text, isReference: type === 'nameReference' };
}

function listIndex(kind: ExpressionKind, text: string): number {
  const index = Number(text);
  if (index > maximumIndex) {
    throw invalidExpression(kind, `List index is not within the allowable range; index: [${text}]`);
  }
  return index;
}

function relation(a: DocumentPath, b: DocumentPath): 'overlap' | 'conflict' | undefined {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    if (a[index] === b[index]) continue;
    return typeof a[index] === typeof b[index] ? undefined : 'conflict';
  }
  return 'overlap';
}

type PathRest = readonly (string | number)[];

/** What of a value lies at the rests of paths; undefined for nothing. An empty rest means all of it. */
function pick(value: AttributeValue, rests: readonly PathRest[]): AttributeValue | undefined {
  if (rests.some((rest) => rest.length === 0)) return value;
  if ('M' in value) {
    const picked = pickFromMap(value.M, rests);
    return Object.keys(picked).length === 0 ? undefined : { M: picked };
  }
  if ('L' in value) {
    const picked = value.L.flatMap((element, index) => {
      const own = rests.filter((rest) => rest[0] === index).map((rest) => rest.slice(1));
      const part = own.length === 0 ? undefined : pick(element, own);
      return part === undefined ? [] : [part];
    });
    return picked.length === 0 ? undefined : { L: picked };
  }
  return undefined;
}

function pickFromMap(map: Item, rests: readonly PathRest[]): Item {
  const byName = new Map<string, PathRest[]>();
  for (const rest of rests) {
    const [name] = rest;
    if (typeof name !== 'string') continue;
    const own = byName.get(name);
    if (own === undefined) byName.set(name, [rest.slice(1)]);
    else own.push(rest.slice(1));
  }
  const picked: Record<string, AttributeValue> = {};
  for (const [name, own] of byName) {
    const value = attributeOf(map, name);
    const part = value === undefined ? undefined : pick(value, own);
    if (part !== undefined) setAttribute(picked, name, part);
  }
  return picked;
}
