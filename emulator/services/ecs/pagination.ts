import { AwsError } from '../../service.ts';

/** What a paginated operation takes of its input. */
export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

export interface Page<Item> {
  readonly items: Item[];
  /** Absent on the last page, as AWS answers null there. */
  readonly nextToken: string | undefined;
}

/**
 * Cuts one page out of a list. The token names the item that comes next, so that items which are
 * deleted between two calls shift no page.
 *
 * @param limits `maximum` is the largest `maxResults` allowed, `defaultSize` the size of a page when none
 *   is asked for (the maximum, unless told)
 * @throws AwsError InvalidParameterException when `maxResults` is out of range or the token is none of ours
 */
export function paginate<Item>(
  items: readonly Item[],
  request: PageRequest,
  limits: { readonly defaultSize?: number; readonly maximum: number },
): Page<Item> {
  const { maximum, defaultSize = maximum } = limits;
  const size = request.maxResults ?? defaultSize;
  if (size < 1 || size > maximum) {
    throw new AwsError('InvalidParameterException', `maxResults should be between 1 and ${maximum}.`);
  }
  const start = request.nextToken === undefined ? 0 : startOf(items, request.nextToken);
  const end = start + size;
  return {
    items: items.slice(start, end),
    nextToken: end < items.length ? tokenOf(items, end) : undefined,
  };
}

/** Item keys are long (ARNs): the token holds what tells the next item and the last one apart, and where they were. */
function tokenOf(items: readonly unknown[], next: number): string {
  return Buffer.from(JSON.stringify([next, keyOf(items[next]), keyOf(items[next - 1])])).toString('base64url');
}

function startOf(items: readonly unknown[], token: string): number {
  const [index, nextKey, lastKey] = decode(token);
  if (keyOf(items[index]) === nextKey) return index;
  const keys = items.map(keyOf);
  const next = keys.indexOf(nextKey);
  if (next >= 0) return next;
  // The next item is gone: go on after the last one that was given out, or at the same place.
  const last = keys.indexOf(lastKey);
  return last >= 0 ? last + 1 : Math.min(index, items.length);
}

function keyOf(item: unknown): string {
  return typeof item === 'string' ? item : (JSON.stringify(item) ?? '');
}

function decode(token: string): [index: number, nextKey: string, lastKey: string] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === 3) {
      const [index, nextKey, lastKey] = parsed as unknown[];
      if (
        Number.isInteger(index) &&
        (index as number) >= 0 &&
        typeof nextKey === 'string' &&
        typeof lastKey === 'string'
      ) {
        return [index as number, nextKey, lastKey];
      }
    }
  } catch {
    // Not JSON: none of our tokens.
  }
  throw new AwsError('InvalidParameterException', 'Invalid token');
}
