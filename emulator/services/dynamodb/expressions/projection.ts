import type { Item } from '../values/attribute-value.ts';
import {
  attributesOf,
  bareNames,
  pickPaths,
  readPath,
  refuseOverlaps,
  resolvePath,
  type DocumentPath,
} from './document-path.ts';
import { invalidExpression } from './expression-kind.ts';
import { isReservedWord } from './reserved-words.ts';
import type { ExpressionScope } from './scope.ts';
import { readTokens } from './tokens.ts';

/** A parsed ProjectionExpression, or AttributesToGet. */
export interface Projection {
  /** The part of an item that it names. */
  pick(item: Item): Item;
  /** The top-level attributes that it names. */
  readonly attributes: ReadonlySet<string>;
  /** Those of them that it looks into, which key attributes cannot be; none when left out. */
  readonly nestedAttributes?: ReadonlySet<string>;
}

/** @throws AwsError ValidationException: `Invalid ProjectionExpression: …` */
export function parseProjection(scope: ExpressionScope, text: string): Projection {
  const kind = 'ProjectionExpression';
  const tokens = readTokens(kind, text);
  const written = [readPath(tokens)];
  while (tokens.takeSymbol(',')) written.push(readPath(tokens));
  if (tokens.peek().type !== 'end') throw tokens.syntaxError();
  const reserved = written.flatMap(bareNames).find(isReservedWord);
  if (reserved !== undefined) {
    throw invalidExpression(kind, `Attribute name is a reserved keyword; reserved keyword: ${reserved}`);
  }
  const paths = written.map((path) => resolvePath(kind, scope, path));
  refuseOverlaps(kind, paths);
  return projectionOfPaths(paths);
}

/** What picks these paths. */
export function projectionOfPaths(paths: readonly DocumentPath[]): Projection {
  return { pick: (item) => pickPaths(item, paths), ...attributesOf(paths) };
}
