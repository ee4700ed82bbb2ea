import { AwsError } from '../../../service.ts';
import { invalidArgument } from '../errors.ts';

/**
 * The tags of the header `x-amz-tagging`, `name=value&…`.
 *
 * @throws AwsError InvalidArgument, InvalidTag, BadRequest
 */
export function tagsFromHeader(header: string | undefined): ReadonlyMap<string, string> {
  if (header === undefined) return new Map();
  const pairs = header.split('&').flatMap((pair) => {
    const [key = '', value = '', ...more] = pair.split('=');
    if (more.length > 0) throw invalidHeader(header);
    return pair === '' ? [] : [[decodeForm(key, header), decodeForm(value, header)] as const];
  });
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw invalidHeader(header);
  return checkedTags(pairs);
}

/**
 * The tags of an object, checked (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html).
 *
 * @throws AwsError InvalidTag, BadRequest
 */
export function checkedTags(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  if (pairs.length > 10) {
    throw new AwsError('BadRequest', 'Object tags cannot be greater than 10', { statusCode: 400 });
  }
  const tags = new Map<string, string>();
  for (const [key, value] of pairs) {
    if (tags.has(key)) throw invalidTag('Cannot provide multiple Tags with the same key', { TagKey: key });
    if (key === '' || key.length > 128 || !allowed.test(key)) {
      throw invalidTag('The TagKey you have provided is invalid', { TagKey: key });
    }
    if (key.startsWith('aws:')) throw invalidTag('Your TagKey cannot be prefixed with aws:', { TagKey: key });
    if (value.length > 256 || !allowed.test(value)) {
      throw invalidTag('The TagValue you have provided is invalid', { TagKey: key, TagValue: value });
    }
    tags.set(key, value);
  }
  return tags;
}

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function invalidTag(message: string, members: Record<string, string>): AwsError {
  return new AwsError('InvalidTag', message, { statusCode: 400, members });
}

function decodeForm(text: string, header: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidHeader(header);
  }
}

function invalidHeader(header: string): AwsError {
  return invalidArgument(
    'x-amz-tagging',
    header,
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
  );
}
