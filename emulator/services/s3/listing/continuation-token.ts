import { createHash } from 'node:crypto';
import { AwsError } from '../../../service.ts';

/** Names the place where a page ended; opaque to clients. */
export function continuationToken(last: string): string {
  return Buffer.concat([digest(last), Buffer.from(last)]).toString('base64');
}

/**
 * Reads a token.
 *
 * @returns the key or common prefix that the page before ended with
 * @throws AwsError InvalidArgument for what no page has handed out
 */
export function readContinuationToken(token: string): string {
  const bytes = Buffer.from(token, 'base64');
  const last = bytes.subarray(DIGEST_LENGTH).toString();
  if (last !== '' && bytes.subarray(0, DIGEST_LENGTH).equals(digest(last))) return last;
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', {
    statusCode: 400,
    members: { ArgumentName: 'continuation-token' },
  });
}

/** Bytes. It tells a token from any other text. */
const DIGEST_LENGTH = 8;

function digest(last: string): Buffer {
  return createHash('sha256').update('continuation token').update(last).digest().subarray(0, DIGEST_LENGTH);
}
