import { AwsError } from '../../service.ts';

/** The refusal of a `nextToken` that this service did not give out. */
export function invalidNextToken(): AwsError {
  return new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
}

/**
 * One page of a sorted list, and the token of the next if there is one.
 *
 * @param start index of the first item, as found from the request's token
 * @param tokenAfter names the last item of a page, so that the next one starts behind it
 */
export function pageOf<Item>(
  items: readonly Item[],
  start: number,
  limit: number,
  tokenAfter: (last: Item) => string,
): { page: Item[]; nextToken?: string } {
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  return last !== undefined && start + limit < items.length ? { page, nextToken: tokenAfter(last) } : { page };
}

/** ASCII order, as AWS lists names. */
export function byAscii(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
