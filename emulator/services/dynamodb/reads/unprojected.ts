import { invalidParameters } from '../refusals.ts';
import { namesOf, type ReadTarget } from './target.ts';

/** Which of these attributes the index that is read does not hold; none where a table is read. */
export function unprojectedOf({ table, index }: ReadTarget, names: Iterable<string>): string[] {
  if (!index || index.projected === 'all') return [];
  const held = new Set([...index.projected, ...namesOf(table.key), ...namesOf(index.key)]);
  return [...new Set(names)].filter((name) => !held.has(name));
}

/**
 * A Query filters what the index holds, whatever it then shows, and even where a local index fetches the rest.
 *
 * @throws AwsError ValidationException, where there are any
 */
export function refuseUnprojected({ index }: ReadTarget, names: readonly string[]): void {
  if (!index || names.length === 0) return;
  throw invalidParameters(
    `Secondary index ${index.name} does not project one or more filter attributes: ` +
      `[${names.toSorted((a, b) => hashOrder(a) - hashOrder(b)).join(', ')}]`,
  );
}

/** AWS lists them as a small hash set of Java has them. */
function hashOrder(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at += 1) hash = (Math.imul(hash, 31) + name.charCodeAt(at)) | 0;
  return (hash ^ (hash >>> 16)) & 15;
}
