import { AwsError } from '../../../service.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import type { ObjectVersion } from './object-version.ts';

/** The headers of a write that lock what it makes. */
export interface LockInput {
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
}

/**
 * How a new version is locked: as its request says, else for as long as its bucket's default rule says
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html).
 *
 * @throws AwsError InvalidRequest, InvalidArgument
 */
export function lockOf(
  state: S3State,
  bucket: BucketRecord,
  input: LockInput,
): Pick<ObjectVersion, 'retention' | 'legalHold'> {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = input;
  if (mode !== undefined || until || hold !== undefined) checkLockEnabled(bucket);
  if ((mode === undefined) !== (until === undefined)) {
    const [name, value] =
      mode === undefined ? ['x-amz-object-lock-retain-until-date', until] : ['x-amz-object-lock-mode', mode];
    throw invalidArgument(
      name,
      value instanceof Date ? value.toISOString() : (value ?? ''),
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
    );
  }
  if (hold !== undefined && hold !== 'ON' && hold !== 'OFF') {
    throw invalidArgument('x-amz-object-lock-legal-hold', hold, 'Legal Hold must be either of "ON" or "OFF"');
  }
  const legalHold = hold === 'ON';
  if (mode === undefined || !until) return { retention: defaultRetention(state, bucket), legalHold };
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') {
    throw invalidArgument('x-amz-object-lock-mode', mode, 'Unknown wormMode directive.');
  }
  if (until.getTime() <= state.clock.now()) {
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date',
      until.toISOString(),
      'The retain until date must be in the future!',
    );
  }
  return { retention: { mode, retainUntil: until.getTime() }, legalHold };
}

function defaultRetention(state: S3State, bucket: BucketRecord): ObjectVersion['retention'] {
  const rule = bucket.objectLockEnabled ? bucket.configuration.objectLock?.Rule?.DefaultRetention : undefined;
  if (!rule?.Mode) return undefined;
  const until = new Date(state.clock.now());
  until.setUTCDate(until.getUTCDate() + (rule.Days ?? 0));
  until.setUTCFullYear(until.getUTCFullYear() + (rule.Years ?? 0));
  return { mode: rule.Mode, retainUntil: until.getTime() };
}

/** @throws AwsError InvalidRequest */
export function checkLockEnabled({ objectLockEnabled }: BucketRecord): void {
  if (!objectLockEnabled) throw invalidRequest('Bucket is missing Object Lock Configuration');
}

/**
 * Refuses to remove a version that a retention period or a legal hold protects.
 *
 * @param bypass whether a retention in governance mode counts
 * @throws AwsError AccessDenied
 */
export function checkUnlocked({ clock }: S3State, { retention, legalHold }: ObjectVersion, bypass: boolean): void {
  const retained = retention && retention.retainUntil > clock.now() && !(bypass && retention.mode === 'GOVERNANCE');
  if (legalHold || retained) throw protectedByLock();
}

export function protectedByLock(): AwsError {
  return new AwsError('AccessDenied', 'Access Denied because object protected by object lock.', { statusCode: 403 });
}
