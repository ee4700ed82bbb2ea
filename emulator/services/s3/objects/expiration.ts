import type { LifecycleRule } from '@aws-sdk/client-s3';
import { scopeOf } from '../configuration/lifecycle-rules.ts';
import { dueAfter, fits } from '../configuration/lifecycle-run.ts';
import type { BucketRecord } from '../state.ts';
import type { ObjectVersion } from './object-version.ts';

/**
 * The header `x-amz-expiration`: when a lifecycle rule will let an object expire, the earliest such rule
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html).
 */
export function expirationOf(
  { configuration: { lifecycle } }: BucketRecord,
  version: ObjectVersion,
): string | undefined {
  let earliest: { readonly time: number; readonly id: string } | undefined;
  for (const rule of lifecycle?.rules ?? []) {
    const time = rule.Status === 'Enabled' ? expiryTime(rule, version) : undefined;
    if (time !== undefined && (!earliest || time < earliest.time)) earliest = { time, id: rule.ID ?? '' };
  }
  if (!earliest) return undefined;
  return `expiry-date="${new Date(earliest.time).toUTCString()}", rule-id="${encodeURIComponent(earliest.id)}"`;
}

/** Milliseconds since the Unix epoch; undefined where the rule is not for this version. */
function expiryTime(rule: LifecycleRule, version: ObjectVersion): number | undefined {
  const scope = scopeOf(rule);
  if (!version.key.startsWith(scope.prefix) || !fits(scope, version)) return undefined;
  const { Date: date, Days: days } = rule.Expiration ?? {};
  return date?.getTime() ?? (days === undefined ? undefined : dueAfter(version.lastModified, days));
}
