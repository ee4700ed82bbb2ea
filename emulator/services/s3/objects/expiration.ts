import type { LifecycleRule } from '@aws-sdk/client-s3';
import type { BucketRecord } from '../state.ts';
import type { ObjectVersion } from './object-version.ts';

const day = 24 * 60 * 60 * 1000;

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
    const time = rule.Status === 'Enabled' && appliesTo(rule, version) ? expiryTime(rule, version) : undefined;
    if (time !== undefined && (!earliest || time < earliest.time)) earliest = { time, id: rule.ID ?? '' };
  }
  if (!earliest) return undefined;
  return `expiry-date="${new Date(earliest.time).toUTCString()}", rule-id="${encodeURIComponent(earliest.id)}"`;
}

/** Days count to the midnight (UTC) behind them. */
function expiryTime({ Expiration: expiration }: LifecycleRule, { lastModified }: ObjectVersion): number | undefined {
  if (expiration?.Date) return expiration.Date.getTime();
  if (expiration?.Days === undefined) return undefined;
  return Math.ceil((lastModified + expiration.Days * day) / day) * day;
}

function appliesTo(rule: LifecycleRule, { key, tags, body }: ObjectVersion): boolean {
  const { Filter: filter } = rule;
  const { And: and } = filter ?? {};
  const prefix = filter?.Prefix ?? and?.Prefix ?? rule.Prefix ?? '';
  const wantedTags = filter?.Tag ? [filter.Tag] : (and?.Tags ?? []);
  const greater = filter?.ObjectSizeGreaterThan ?? and?.ObjectSizeGreaterThan ?? -1;
  const less = filter?.ObjectSizeLessThan ?? and?.ObjectSizeLessThan ?? Infinity;
  return (
    key.startsWith(prefix) &&
    wantedTags.every(({ Key: name = '', Value: value = '' }) => tags.get(name) === value) &&
    body.size > greater &&
    body.size < less
  );
}
