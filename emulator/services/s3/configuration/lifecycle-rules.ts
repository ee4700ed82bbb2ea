import type { LifecycleRule, LifecycleRuleFilter } from '@aws-sdk/client-s3';
import { invalidArgument, invalidRequest, malformedXml } from '../errors.ts';
import { checkTransitions } from './lifecycle-order.ts';

/**
 * Checks the rules of a lifecycle configuration
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html).
 *
 * @throws AwsError MalformedXML, InvalidArgument, InvalidRequest
 */
export function checkLifecycleRules(rules: readonly LifecycleRule[]): void {
  if (rules.length === 0 || rules.length > 1000) throw malformedXml();
  const ids = new Set<string>();
  for (const rule of rules) {
    const { ID: id } = rule;
    if (id !== undefined) {
      if (id.length > 255) throw invalidArgument('ID', id, 'ID length should not exceed allowed limit of 255');
      if (ids.has(id)) {
        const message = 'Rule ID must be unique. Found same ID for more than one rule';
        throw invalidArgument('ID', id, message);
      }
      ids.add(id);
    }
    checkScope(rule);
    checkActions(rule);
  }
}

/** What a rule applies to, whichever of its forms it was given in. */
export interface LifecycleScope {
  readonly prefix: string;
  readonly tags: readonly (readonly [key: string, value: string])[];
  /** Bytes; both bounds are excluded. */
  readonly largerThan: number | undefined;
  readonly smallerThan: number | undefined;
}

export function scopeOf({ Filter: filter, ...rule }: LifecycleRule): LifecycleScope {
  const all = filter?.And ?? filter;
  const tags = filter?.And?.Tags ?? (filter?.Tag ? [filter.Tag] : []);
  return {
    // A prefix of its own is what rules had before there were filters.
    prefix: all?.Prefix ?? rule.Prefix ?? '',
    tags: tags.map(({ Key = '', Value = '' }) => [Key, Value] as const),
    largerThan: all?.ObjectSizeGreaterThan,
    smallerThan: all?.ObjectSizeLessThan,
  };
}

function checkScope(rule: LifecycleRule): void {
  const { Filter: filter } = rule;
  if ((filter === undefined) === (rule.Prefix === undefined)) throw malformedXml();
  if (!filter) return;
  const members = Object.values(filter satisfies LifecycleRuleFilter).filter((value) => value !== undefined);
  if (members.length > 1) throw malformedXml();
  const { And: and } = filter;
  if (and) {
    const parts = [and.Prefix, and.ObjectSizeGreaterThan, and.ObjectSizeLessThan, ...(and.Tags ?? [])];
    // And of one thing is no And.
    if (parts.filter((part) => part !== undefined).length < 2) throw malformedXml();
    const keys = (and.Tags ?? []).map(({ Key }) => Key);
    if (new Set(keys).size < keys.length) throw invalidRequest('Duplicate Tag Keys are not allowed.');
    const { ObjectSizeGreaterThan: larger, ObjectSizeLessThan: smaller } = and;
    if (larger !== undefined && smaller !== undefined && larger >= smaller) {
      throw invalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'");
    }
  }
}

function checkActions(rule: LifecycleRule): void {
  const { Expiration: expiration, NoncurrentVersionExpiration: noncurrent } = rule;
  const { Transitions: transitions, NoncurrentVersionTransitions: noncurrentTransitions } = rule;
  const abort = rule.AbortIncompleteMultipartUpload;
  if (!expiration && !noncurrent && !abort && !transitions?.length && !noncurrentTransitions?.length) {
    throw invalidRequest('At least one action needs to be specified in a rule');
  }
  const tagged = scopeOf(rule).tags.length > 0;
  if (expiration) {
    const { Days: days, Date: date, ExpiredObjectDeleteMarker: markers } = expiration;
    if ([days, date, markers].filter((value) => value !== undefined).length !== 1) throw malformedXml();
    checkDays('Days', days, "'Days' for Expiration action must be a positive integer");
    if (markers !== undefined && tagged) {
      throw invalidRequest('ExpiredObjectDeleteMarker cannot be specified with Tags.');
    }
    if (date) checkMidnight(date);
  }
  if (noncurrent) {
    const { NoncurrentDays: days, NewerNoncurrentVersions: newer } = noncurrent;
    if (days === undefined && newer === undefined) throw malformedXml();
    const message = "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer";
    checkDays('NoncurrentDays', days, message);
    if (newer !== undefined && (newer < 1 || newer > 100)) {
      const range = "'NewerNoncurrentVersions' must be an integer between 1 and 100";
      throw invalidArgument('NewerNoncurrentVersions', String(newer), range);
    }
  }
  if (abort) {
    if (abort.DaysAfterInitiation === undefined) throw malformedXml();
    const message = "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer";
    checkDays('DaysAfterInitiation', abort.DaysAfterInitiation, message);
    if (tagged) throw invalidRequest('AbortIncompleteMultipartUpload cannot be specified with Tags.');
  }
  for (const { NoncurrentDays: days, StorageClass: storageClass } of noncurrentTransitions ?? []) {
    if (days === undefined || !storageClass) throw malformedXml();
  }
  for (const { Days: days, Date: date, StorageClass: storageClass } of transitions ?? []) {
    if ((days === undefined) === (date === undefined) || !storageClass) throw malformedXml();
    if (date) checkMidnight(date);
    if (days !== undefined && (storageClass === 'STANDARD_IA' || storageClass === 'ONEZONE_IA') && days < 30) {
      const message = `'Days' in Transition action must be greater than or equal to 30 for storageClass '${storageClass}'`;
      throw invalidArgument('Days', String(days), message);
    }
    if (days !== undefined && days < 0) {
      throw invalidArgument('Days', String(days), "'Days' in Transition action must be nonnegative");
    }
  }
  checkTransitions(rule);
}

function checkDays(name: string, days: number | undefined, message: string): void {
  if (days !== undefined && days < 1) throw invalidArgument(name, String(days), message);
}

function checkMidnight(date: Date): void {
  if (date.getTime() % day === 0) return;
  throw invalidArgument('Date', date.toISOString(), "'Date' must be at midnight GMT");
}

/** Milliseconds. */
const day = 86_400_000;
