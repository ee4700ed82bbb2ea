import { AwsError } from '../../../service.ts';
import { noSuchKey, preconditionFailed } from '../errors.ts';
import type { ObjectVersion } from './object-version.ts';

/** What a request knows of the version that it wants or replaces. */
export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/**
 * Holds a version against the conditions of a read, in the order of RFC 9110 13.2.2: a tag that is asked
 * for makes the date beside it count no more.
 *
 * @throws AwsError PreconditionFailed; NotModified, whose answer has no body
 */
export function checkReadConditions(
  version: ObjectVersion,
  conditions: ReadConditions,
  now: number,
  headersOf304: () => Record<string, string>,
): void {
  const failed = failedCondition(version, conditions, now);
  if (failed === undefined) return;
  if (failed === 'If-Match' || failed === 'If-Unmodified-Since') throw preconditionFailed(failed);
  throw new AwsError('NotModified', 'Not Modified', { statusCode: 304, headers: headersOf304() });
}

/** The first condition that a version does not meet, by its header. */
export function failedCondition(
  { etag, lastModified }: ObjectVersion,
  { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince }: ReadConditions,
  now: number,
): 'If-Match' | 'If-None-Match' | 'If-Modified-Since' | 'If-Unmodified-Since' | undefined {
  const time = Math.floor(lastModified / 1000) * 1000;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, etag)) return 'If-Match';
  } else if (IfUnmodifiedSince && time > IfUnmodifiedSince.getTime()) {
    return 'If-Unmodified-Since';
  }
  if (IfNoneMatch !== undefined) {
    if (matches(IfNoneMatch, etag)) return 'If-None-Match';
    // A date in the future says nothing (RFC 9110 13.1.3).
  } else if (IfModifiedSince && IfModifiedSince.getTime() <= now && time <= IfModifiedSince.getTime()) {
    return 'If-Modified-Since';
  }
  return undefined;
}

/** `*`, or ETags with or without their quotes; S3 does not mind one of them missing either. */
export function matches(list: string, etag: string): boolean {
  return list.split(',').some((entry) => {
    const tag = entry.trim().replace(/^W\//, '').replaceAll(/^"|"$/g, '');
    return tag === '*' || tag === etag;
  });
}

/**
 * Refuses the conditions of a write that S3 does not know
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
 *
 * @throws AwsError NotImplemented
 */
export function checkWriteConditionHeaders({ IfMatch, IfNoneMatch }: ReadConditions): void {
  const refuse = (header: string, additionalMessage: string): AwsError =>
    new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      statusCode: 501,
      members: { Header: header, additionalMessage },
    });
  if (IfMatch !== undefined && IfNoneMatch !== undefined) {
    throw refuse('If-Match,If-None-Match', 'Multiple conditional request headers present in the request');
  }
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') {
    throw refuse('If-None-Match', "We don't accept the provided value of If-None-Match header for this API");
  }
  if (IfMatch === '*') throw refuse('If-Match', "We don't accept the provided value of If-Match header for this API");
}

/**
 * Holds what a write would replace against its conditions. Ask again when the body is there: another write
 * may have been faster.
 *
 * @param current the newest version; undefined also when that is a delete marker
 * @throws AwsError NoSuchKey, PreconditionFailed
 */
export function checkWriteConditions(
  key: string,
  current: ObjectVersion | undefined,
  { IfMatch, IfNoneMatch }: ReadConditions,
): void {
  if (IfNoneMatch !== undefined && current) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (!current) throw noSuchKey(key);
  if (!matches(IfMatch, current.etag)) throw preconditionFailed('If-Match');
}
