import { scopeOf } from '../configuration/lifecycle-rules.ts';
import { dueAfter } from '../configuration/lifecycle-run.ts';
import type { BucketRecord } from '../state.ts';
import type { UploadRecord } from './upload-record.ts';

/**
 * When a lifecycle rule will abort an upload, the earliest such rule
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html).
 *
 * @returns members of an answer; none where no rule applies
 */
export function abortDate(
  { configuration: { lifecycle } }: BucketRecord,
  { key, initiated }: Pick<UploadRecord, 'key' | 'initiated'>,
): { readonly AbortDate?: Date; readonly AbortRuleId?: string } {
  let earliest: { readonly time: number; readonly ruleId: string } | undefined;
  for (const rule of lifecycle?.rules ?? []) {
    const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
    if (rule.Status !== 'Enabled' || days === undefined || !key.startsWith(scopeOf(rule).prefix)) continue;
    const time = dueAfter(initiated, days);
    if (!earliest || time < earliest.time) earliest = { time, ruleId: rule.ID ?? '' };
  }
  return earliest ? { AbortDate: new Date(earliest.time), AbortRuleId: earliest.ruleId } : {};
}
