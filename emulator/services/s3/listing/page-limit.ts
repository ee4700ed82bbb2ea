import { invalidArgument } from '../errors.ts';

/** No listing has more on a page, whatever is asked for. */
const PAGE_LIMIT = 1000;

/**
 * How many entries a page may have.
 *
 * @param name as S3 calls the argument in its refusal: `maxKeys`
 * @throws AwsError InvalidArgument for a number that is negative or beyond 32 bits
 */
export function pageLimit(name: string, asked: number | undefined): number {
  if (asked === undefined) return PAGE_LIMIT;
  if (asked > MAX_INTEGER) {
    const parameter = name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    throw invalidArgument(parameter, String(asked), `Provided ${parameter} not an integer or within integer range`);
  }
  if (asked < 0) {
    throw invalidArgument(name, String(asked), `Argument ${name} must be an integer between 0 and ${MAX_INTEGER}`);
  }
  return Math.min(asked, PAGE_LIMIT);
}

const MAX_INTEGER = 2_147_483_647;
