import type { LifecycleRule } from '@aws-sdk/client-s3';
import { deleteVersion } from '../objects/delete-object.ts';
import { endUpload } from '../multipart/abort-upload.ts';
import type { ObjectVersion } from '../objects/object-version.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { scopeOf, type LifecycleScope } from './lifecycle-rules.ts';

/** One thing that a run of the lifecycle rules did. */
export interface LifecycleAction {
  readonly bucket: string;
  /** The rule's. */
  readonly ruleId: string;
  readonly action: 'DeleteMarkerCreated' | 'VersionDeleted' | 'ExpiredDeleteMarkerDeleted' | 'UploadAborted';
  readonly key: string;
  /** Of what was removed, or of the delete marker that was made. */
  readonly versionId?: string;
  readonly uploadId?: string;
}

/**
 * Applies the expiration rules of a bucket as of a time; transitions change nothing here.
 *
 * An object expires at the midnight (UTC) after its days are over, a noncurrent version counted from when
 * it became noncurrent
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html). What is locked stays.
 *
 * @param now milliseconds since the Unix epoch
 */
export function runLifecycle(state: S3State, bucket: BucketRecord, now: number): LifecycleAction[] {
  // Delete markers are of the time as of which the rules are applied.
  const then: S3State = { ...state, clock: { ...state.clock, now: () => now } };
  const actions: LifecycleAction[] = [];
  for (const rule of bucket.configuration.lifecycle?.rules ?? []) {
    if (rule.Status !== 'Enabled') continue;
    const run: Run = { state: then, bucket, rule, scope: scopeOf(rule), now, actions };
    expireVersions(run);
    abortUploads(run);
  }
  return actions;
}

interface Run {
  readonly state: S3State;
  readonly bucket: BucketRecord;
  readonly rule: LifecycleRule;
  readonly scope: LifecycleScope;
  readonly now: number;
  readonly actions: LifecycleAction[];
}

function expireVersions(run: Run): void {
  const { objects } = run.bucket;
  // The keys change under way.
  const keys: string[] = [];
  for (const [key] of objects.from(run.scope.prefix)) {
    if (!key.startsWith(run.scope.prefix)) break;
    keys.push(key);
  }
  for (const key of keys) {
    expireNoncurrent(run, objects.versions(key));
    const [newest, ...older] = objects.versions(key);
    if (newest?.deleteMarker) expireMarker(run, newest, older.length === 0);
    else if (newest) expireCurrent(run, newest);
  }
}

function expireCurrent(run: Run, version: ObjectVersion): void {
  const { Expiration: expiration } = run.rule;
  const due = expiration && dueOf(version.lastModified, expiration.Days, expiration.Date);
  if (due === undefined || due > run.now || !fits(run.scope, version)) return;
  const { versionId } = deleteVersion(run.state, run.bucket, {
    key: version.key,
    versionId: undefined,
    bypass: false,
    conditions: { etag: undefined, lastModified: undefined, size: undefined },
  });
  const action = run.bucket.versioning === 'Disabled' ? 'VersionDeleted' : 'DeleteMarkerCreated';
  run.actions.push({ ...told(run, version.key, action), versionId: versionId ?? version.versionId });
}

function expireNoncurrent(run: Run, versions: readonly ObjectVersion[]): void {
  const { NoncurrentVersionExpiration: expiration } = run.rule;
  if (!expiration) return;
  const { NoncurrentDays: days = 0, NewerNoncurrentVersions: kept = 0 } = expiration;
  for (const [index, version] of versions.entries()) {
    const successor = versions[index - 1];
    // The first is the current one; the next so many are kept.
    if (!successor || index <= kept) continue;
    if (dueAfter(successor.lastModified, days) > run.now || !fits(run.scope, version) || isLocked(version, run.now)) {
      continue;
    }
    remove(run, version, 'VersionDeleted');
  }
}

/** A delete marker with nothing behind it goes by its own rule, and by days as any current version does. */
function expireMarker(run: Run, marker: ObjectVersion, alone: boolean): void {
  const { Expiration: expiration } = run.rule;
  if (!alone || !expiration || run.scope.tags.length > 0) return;
  const due = dueOf(marker.lastModified, expiration.Days, expiration.Date);
  if (expiration.ExpiredObjectDeleteMarker || (due !== undefined && due <= run.now)) {
    remove(run, marker, 'ExpiredDeleteMarkerDeleted');
  }
}

function abortUploads(run: Run): void {
  const { AbortIncompleteMultipartUpload: abort } = run.rule;
  if (!abort) return;
  const { uploads } = run.bucket;
  for (const upload of uploads.values()) {
    const due = dueAfter(upload.initiated, abort.DaysAfterInitiation ?? 0);
    if (due > run.now || !upload.key.startsWith(run.scope.prefix)) continue;
    endUpload(run.bucket, upload);
    run.actions.push({ ...told(run, upload.key, 'UploadAborted'), uploadId: upload.uploadId });
  }
}

function remove(run: Run, { key, versionId }: ObjectVersion, action: LifecycleAction['action']): void {
  run.bucket.objects.remove(key, versionId)?.body.release();
  run.actions.push({ ...told(run, key, action), versionId });
}

function told({ bucket, rule }: Run, key: string, action: LifecycleAction['action']): LifecycleAction {
  return { bucket: bucket.name, ruleId: rule.ID ?? '', action, key };
}

/** Whether a version is of the kind that a rule applies to; its prefix is looked at elsewhere. */
export function fits({ tags, largerThan, smallerThan }: LifecycleScope, version: ObjectVersion): boolean {
  const { size } = version.body;
  return (
    (largerThan === undefined || size > largerThan) &&
    (smallerThan === undefined || size < smallerThan) &&
    tags.every(([key, value]) => version.tags.get(key) === value)
  );
}

function isLocked({ legalHold, retention }: ObjectVersion, now: number): boolean {
  return legalHold || (retention !== undefined && retention.retainUntil > now);
}

/** When it expires, for a rule with days or a date; undefined for one with neither. */
function dueOf(since: number, days: number | undefined, date: Date | undefined): number | undefined {
  if (date) return date.getTime();
  return days === undefined ? undefined : dueAfter(since, days);
}

/** The midnight after so many days: an object of 15 January 10:30 with three days expires on 19 January 00:00. */
export function dueAfter(since: number, days: number): number {
  return Math.ceil((since + days * day) / day) * day;
}

/** Milliseconds. */
const day = 86_400_000;
