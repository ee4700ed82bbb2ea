import { indexesOf } from '../tables/lookup.ts';
import { invalid } from '../refusals.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { namesOf } from './target.ts';

/** @throws AwsError ValidationException for an expression that looks into a key, of the table or of any index */
export function refuseNestedKeys(
  table: TableRecord,
  expression: { readonly nestedAttributes?: ReadonlySet<string> } | undefined,
): void {
  const nested = expression?.nestedAttributes;
  if (!nested || nested.size === 0) return;
  const own = namesOf(table.key).find((name) => nested.has(name));
  if (own !== undefined) throw notScalar(`Key: ${own}`);
  const indexed = indexesOf(table)
    .flatMap(({ key }) => namesOf(key))
    .find((name) => nested.has(name));
  if (indexed !== undefined) throw notScalar(`IndexKey: ${indexed}`);
}

function notScalar(key: string): Error {
  return invalid(`Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${key}`);
}
