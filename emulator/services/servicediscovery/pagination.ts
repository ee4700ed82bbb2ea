import { invalidInput } from './errors.ts';

/** Cloud Map's pages have 100 items unless the request asks for fewer. */
const largestPage = 100;

/**
 * Cuts one page out of a list. The token names the item that comes next, so that items which are deleted
 * between two calls shift no page.
 *
 * @param keyOf what tells an item from the others
 * @throws AwsError InvalidInput when the token is none of ours
 */
export function paginate<Item>(
  items: readonly Item[],
  { MaxResults = largestPage, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
  keyOf: (item: Item) => string,
): { page: Item[]; NextToken?: string } {
  const start = NextToken === undefined ? 0 : startOf(items.map(keyOf), NextToken);
  const end = start + MaxResults;
  const next = items[end];
  const page = items.slice(start, end);
  if (next === undefined) return { page };
  return { page, NextToken: Buffer.from(JSON.stringify([end, keyOf(next)])).toString('base64url') };
}

function startOf(keys: readonly string[], token: string): number {
  const [index, key] = decode(token);
  const found = keys.indexOf(key);
  // Where the item is gone, the one after it has moved up.
  return found >= 0 ? found : Math.min(index, keys.length);
}

function decode(token: string): [index: number, key: string] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && Number.isInteger(parsed[0]) && parsed[0] >= 0 && typeof parsed[1] === 'string') {
      return [parsed[0] as number, parsed[1]];
    }
  } catch {
    // Not JSON: none of our tokens.
  }
  throw invalidInput('The specified NextToken is not valid.');
}
