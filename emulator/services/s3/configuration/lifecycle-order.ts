import type { LifecycleRule } from '@aws-sdk/client-s3';
import { invalidArgument, invalidRequest } from '../errors.ts';

/**
 * Checks that the transitions of a rule go down S3's waterfall, in its order and each later than the one before,
 * and that expiry comes after all of them; all of a rule by days, or all by dates
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html).
 *
 * @param rule whose actions are complete each by itself
 * @throws AwsError InvalidRequest, InvalidArgument
 */
export function checkTransitions(rule: LifecycleRule): void {
  const { Transitions: transitions = [], Expiration: expiration } = rule;
  const steps = transitions.map(({ Days: days, Date: date, StorageClass: storageClass = '' }): Step => ({
    storageClass,
    unit: days === undefined ? 'Date' : 'Days',
    time: days ?? date?.getTime() ?? 0,
  }));
  const filter = describeFilter(rule);
  checkDifferent(steps, 'Transition', filter);
  const [first] = steps;
  if (steps.some(({ unit }) => unit !== first?.unit)) {
    throw invalidRequest(`Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for ${filter}`);
  }
  checkOrder(steps, 'Transition', filter);
  const last = expiration?.Days ?? expiration?.Date?.getTime();
  if (first && last !== undefined) {
    if ((expiration?.Days === undefined) !== (first.unit === 'Date')) {
      throw invalidRequest(
        `Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for ${filter}`,
      );
    }
    checkExpiry(steps, last, 'Expiration', 'Transition', filter);
  }
  const noncurrent = (rule.NoncurrentVersionTransitions ?? []).map(
    ({ NoncurrentDays: time = 0, StorageClass: storageClass = '' }): Step => ({
      storageClass,
      unit: 'NoncurrentDays',
      time,
    }),
  );
  checkDifferent(noncurrent, 'NoncurrentVersionTransition', filter);
  checkOrder(noncurrent, 'NoncurrentVersionTransition', filter);
  const end = rule.NoncurrentVersionExpiration?.NoncurrentDays;
  if (end !== undefined) {
    checkExpiry(noncurrent, end, 'NoncurrentVersionExpiration', 'NoncurrentVersionTransition', filter);
  }
}

interface Step {
  readonly storageClass: string;
  readonly unit: 'Days' | 'Date' | 'NoncurrentDays';
  /** Days, or milliseconds since 1970 for a date. */
  readonly time: number;
}

/** The classes that objects can go down to, from each to those behind it. */
const waterfall = ['STANDARD_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'];

function checkDifferent(steps: readonly Step[], action: string, filter: string): void {
  if (new Set(steps.map(({ storageClass }) => storageClass)).size === steps.length) return;
  throw invalidRequest(`'StorageClass' must be different for '${action}' actions in same 'Rule' with ${filter}`);
}

function checkOrder(steps: readonly Step[], action: string, filter: string): void {
  const downwards = steps.toSorted((a, b) => waterfall.indexOf(a.storageClass) - waterfall.indexOf(b.storageClass));
  const what = ({ unit, storageClass }: Step): string =>
    `'${unit}' in the ${action} action for StorageClass '${storageClass}' for ${filter}`;
  for (const [index, step] of downwards.entries()) {
    const before = downwards[index - 1];
    if (!before || step.time > before.time) continue;
    throw invalidArgument(step.unit, timeOf(step), `${what(step)} must be greater than ${what(before)}`);
  }
}

function checkExpiry(
  steps: readonly Step[],
  time: number,
  expiration: string,
  transition: string,
  filter: string,
): void {
  const late = steps.find((step) => step.time >= time);
  if (!late) return;
  const { unit } = late;
  throw invalidArgument(
    unit,
    timeOf({ unit, time }),
    `'${unit}' in the ${expiration} action for ${filter} must be greater than '${unit}' in the ${transition} action`,
  );
}

function timeOf({ unit, time }: Pick<Step, 'unit' | 'time'>): string {
  return unit === 'Date' ? new Date(time).toISOString() : String(time);
}

/** As S3 names a rule: by what it applies to. */
function describeFilter({ Filter: filter, Prefix: prefix }: LifecycleRule): string {
  if (!filter) return `prefix '${prefix ?? ''}'`;
  const { And: and, ...one } = filter;
  const { Prefix: start, ObjectSizeGreaterThan: larger, ObjectSizeLessThan: smaller } = and ?? one;
  const tags = and?.Tags ?? (filter.Tag ? [filter.Tag] : []);
  const parts = [
    ...(start === undefined ? [] : [`prefix=${start}`]),
    ...tags.map(({ Key, Value }) => `tag=key:${Key},value:${Value}`),
    ...(larger === undefined ? [] : [`objectsizegreaterthan=${larger}`]),
    ...(smaller === undefined ? [] : [`objectsizelessthan=${smaller}`]),
  ];
  return `filter '(${parts.join(' and ')})'`;
}
