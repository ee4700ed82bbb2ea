import type {
  GetObjectLegalHoldOutput,
  GetObjectLegalHoldRequest,
  GetObjectRetentionOutput,
  GetObjectRetentionRequest,
  PutObjectLegalHoldRequest,
  PutObjectRetentionRequest,
} from '@aws-sdk/client-s3';
import { AwsError, type RequestContext } from '../../../service.ts';
import { findBucket, invalidArgument, malformedXml } from '../errors.ts';
import type { S3State } from '../state.ts';
import { checkBypass } from './delete-object.ts';
import { findDescribedVersion } from './find-version.ts';
import { checkLockEnabled, protectedByLock } from './object-lock.ts';
import type { ObjectVersion } from './object-version.ts';

type Context = Pick<RequestContext, 'request'>;

/** @throws AwsError InvalidRequest, NoSuchObjectLockConfiguration, NoSuchKey, NoSuchVersion */
export function getObjectRetention(
  state: S3State,
  input: GetObjectRetentionRequest,
  context: Context,
): GetObjectRetentionOutput {
  const { retention } = findLockable(state, input, context);
  if (!retention) throw noLock();
  return { Retention: { Mode: retention.mode, RetainUntilDate: new Date(retention.retainUntil) } };
}

/**
 * Locks a version until a date. What is locked may be locked longer or harder; less only in governance mode
 * and with the bypass.
 *
 * @throws AwsError InvalidRequest, InvalidArgument, MalformedXML, AccessDenied, NoSuchKey, NoSuchVersion
 */
export function putObjectRetention(
  state: S3State,
  input: PutObjectRetentionRequest,
  context: Context,
): Record<string, never> {
  const bucket = findBucket(state, input.Bucket);
  const version = findLockable(state, input, context);
  checkBypass(bucket, input.BypassGovernanceRetention);
  const { Mode: mode, RetainUntilDate: until } = input.Retention ?? {};
  if ((mode === undefined) !== (until === undefined)) throw malformedXml();
  if (mode !== undefined && mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') throw malformedXml();
  const now = state.clock.now();
  if (until && until.getTime() <= now) {
    throw invalidArgument('RetainUntilDate', until.toISOString(), 'The retain until date must be in the future!');
  }
  const wanted = mode && until ? { mode, retainUntil: until.getTime() } : undefined;
  const { retention: current } = version;
  if (current && current.retainUntil > now && isWeaker(wanted, current)) {
    if (current.mode === 'COMPLIANCE' || !input.BypassGovernanceRetention) throw protectedByLock();
  }
  version.retention = wanted;
  return {};
}

/** @throws AwsError InvalidRequest, NoSuchObjectLockConfiguration, NoSuchKey, NoSuchVersion */
export function getObjectLegalHold(
  state: S3State,
  input: GetObjectLegalHoldRequest,
  context: Context,
): GetObjectLegalHoldOutput {
  const { legalHold, legalHoldSet } = findLockable(state, input, context);
  if (!legalHold && legalHoldSet !== true) throw noLock();
  return { LegalHold: { Status: legalHold ? 'ON' : 'OFF' } };
}

/** @throws AwsError InvalidRequest, MalformedXML, NoSuchKey, NoSuchVersion */
export function putObjectLegalHold(
  state: S3State,
  input: PutObjectLegalHoldRequest,
  context: Context,
): Record<string, never> {
  const version = findLockable(state, input, context);
  const status = input.LegalHold?.Status;
  if (status !== 'ON' && status !== 'OFF') throw malformedXml();
  version.legalHold = status === 'ON';
  version.legalHoldSet = true;
  return {};
}

function findLockable(
  state: S3State,
  input: {
    readonly Bucket?: string | undefined;
    readonly Key?: string | undefined;
    readonly VersionId?: string | undefined;
    readonly ExpectedBucketOwner?: string | undefined;
  },
  { request }: Context,
): ObjectVersion {
  const bucket = findBucket(state, input.Bucket);
  const version = findDescribedVersion(bucket, input.Key ?? '', input.VersionId, request.method);
  checkLockEnabled(bucket);
  return version;
}

function isWeaker(wanted: ObjectVersion['retention'], current: NonNullable<ObjectVersion['retention']>): boolean {
  if (!wanted || wanted.retainUntil < current.retainUntil) return true;
  return current.mode === 'COMPLIANCE' && wanted.mode === 'GOVERNANCE';
}

function noLock(): AwsError {
  return new AwsError(
    'NoSuchObjectLockConfiguration',
    'The specified object does not have a ObjectLock configuration',
    { statusCode: 404 },
  );
}
