import { invalidArgument } from '../errors.ts';

/** Writes keys, prefixes, markers and delimiters of a listing. */
export type KeyWriter = (text: string) => string;

/**
 * How a listing writes keys: as they are, or percent-encoded where `encoding-type=url` was asked for, since
 * XML 1.0 cannot carry every character of a key.
 *
 * @throws AwsError InvalidArgument
 */
export function keyWriter(encodingType: string | undefined): KeyWriter {
  if (encodingType === undefined) return (text) => text;
  if (encodingType === 'url') return encodeKey;
  throw invalidArgument('encoding-type', encodingType, 'Invalid Encoding Method specified in Request');
}

/** S3 encodes as forms do, a space becoming `+`, but leaves the slash. */
function encodeKey(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}
