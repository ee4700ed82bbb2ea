import type { Item } from '../values/attribute-value.ts';
import {
  attributesOf,
  bareNames,
  pickPaths,
  readPath,
  refuseOverlaps,
  resolvePath,
  type DocumentPath,
  type PathSyntax,
} from './document-path.ts';
import { invalidExpression } from './expression-kind.ts';
import { isReservedWord } from './reserved-words.ts';
import type { ExpressionScope } from './scope.ts';
import { remembering } from './syntax-memory.ts';
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
  const paths = recall(text).map((path) => resolvePath(kind, scope, path));
  refuseOverlaps(kind, paths);
  return projectionOfPaths(paths);
}

const kind = 'ProjectionExpression';
const recall = remembering(readProjection);

function readProjection(text: string): readonly PathSyntax[] {
  const tokens = readTokens(kind, text);
  const paths = [readPath(tokens)];
  while (tokens.takeSymbol(',')) paths.push(readPath(tokens));
  if (tokens.peek().type !== 'end') throw tokens.syntaxError();
  const reserved = paths.flatMap(bareNames).find(isReservedWord);
  if (reserved !== undefined) {
    throw invalidExpression(kind, `Attribute name is a reserved keyword; reserved keyword: ${reserved}`);
  }
  return paths;
}

/** What picks these paths. */
export function projectionOfPaths(paths: readonly DocumentPath[]): Projection {
  return { pick: (item) => pickPaths(item, paths), ...attributesOf(paths) };
}
