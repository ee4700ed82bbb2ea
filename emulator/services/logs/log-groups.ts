import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DescribeLogGroupsRequest,
  ListLogGroupsRequest,
  PutLogGroupDeletionProtectionRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../../service.ts';
import { byAscii, pageOf } from './pagination.ts';
import {
  type Checked,
  expireEvents,
  findGroup,
  groupArn,
  groupNameOf,
  type LogGroupRecord,
  type LogsState,
} from './state.ts';
import { checkTags, compileTagFilter } from './tags.ts';

export const logGroupOperations = {
  CreateLogGroup: createLogGroup,
  DeleteLogGroup: deleteLogGroup,
  DescribeLogGroups: describeLogGroups,
  ListLogGroups: listLogGroups,
  PutLogGroupDeletionProtection: putLogGroupDeletionProtection,
};

function createLogGroup(state: LogsState, input: Checked<CreateLogGroupRequest, 'logGroupName'>) {
  const name = input.logGroupName;
  if (/^aws\//i.test(name)) {
    throw new AwsError('InvalidParameterException', 'Log groups starting with AWS/ are reserved for AWS.');
  }
  if (state.groups.has(name)) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
  }
  const tags = input.tags ?? {};
  checkTags(tags);
  addGroup(state, name, {
    logGroupClass: input.logGroupClass ?? 'STANDARD',
    kmsKeyId: input.kmsKeyId,
    deletionProtectionEnabled: input.deletionProtectionEnabled ?? false,
    tags: new Map(Object.entries(tags)),
  });
  return {};
}

/** Adds a group with AWS's defaults; the caller has made sure that there is none of that name. */
export function addGroup(state: LogsState, name: string, settings: Partial<LogGroupRecord> = {}): LogGroupRecord {
  const group: LogGroupRecord = {
    name,
    arn: groupArn(state, name),
    creationTime: state.clock.now(),
    logGroupClass: 'STANDARD',
    kmsKeyId: undefined,
    retentionInDays: undefined,
    deletionProtectionEnabled: false,
    tags: new Map(),
    streams: new Map(),
    ...settings,
  };
  state.groups.set(name, group);
  return group;
}

function deleteLogGroup(state: LogsState, input: Checked<DeleteLogGroupRequest, 'logGroupName'>) {
  const group = findGroup(state, input.logGroupName);
  if (group.deletionProtectionEnabled) {
    throw new AwsError(
      'ValidationException',
      'The specified log group has deletion protection enabled. Disable deletion protection before deleting it.',
    );
  }
  state.groups.delete(group.name);
  return {};
}

function describeLogGroups(state: LogsState, input: DescribeLogGroupsRequest) {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupClass, logGroupIdentifiers } = input;
  if (prefix !== undefined && pattern !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  }
  if (logGroupIdentifiers && (prefix ?? pattern ?? logGroupClass) !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      'LogGroup identifiers and other LogGroup filters are mutually exclusive parameters.',
    );
  }
  const identified = logGroupIdentifiers && new Set(logGroupIdentifiers.map((one) => groupNameOf(state, one)));
  const groups = groupsWhere(
    state,
    input,
    (group) =>
      (prefix === undefined || group.name.startsWith(prefix)) &&
      (pattern === undefined || group.name.includes(pattern)) &&
      (logGroupClass === undefined || classesMeantBy(logGroupClass).includes(group.logGroupClass)) &&
      (identified === undefined || identified.has(group.name)),
  );
  const { page, ...next } = pageFrom(groups, input.nextToken, input.limit ?? 50);
  return {
    logGroups: page.map((group) => (pattern === undefined ? describeGroup(state, group) : outlineGroup(group))),
    ...next,
  };
}

/** The reference of DescribeLogGroups: either of the two classes of less cost asks for both. */
function classesMeantBy(logGroupClass: string): readonly string[] {
  const lessCost = ['INFREQUENT_ACCESS', 'ESSENTIALS'];
  return lessCost.includes(logGroupClass) ? lessCost : [logGroupClass];
}

function listLogGroups(state: LogsState, input: ListLogGroupsRequest) {
  // The pattern is one of AWS's narrow kind: alternatives of plain text, each perhaps anchored by `^`.
  const pattern = input.logGroupNamePattern === undefined ? undefined : new RegExp(input.logGroupNamePattern);
  // No group here has a data source or a field index: what asks for one finds none.
  const possible = input.dataSources === undefined && input.fieldIndexNames === undefined;
  const tagFilters = input.logGroupTags?.map(compileTagFilter) ?? [];
  const groups = groupsWhere(
    state,
    input,
    (group) =>
      possible &&
      (pattern === undefined || pattern.test(group.name)) &&
      (input.logGroupClass === undefined || group.logGroupClass === input.logGroupClass) &&
      tagFilters.every((isTagged) => isTagged(group.tags)),
  );
  const { page, ...next } = pageFrom(groups, input.nextToken, input.limit ?? 50);
  return {
    logGroups: page.map(({ name, arn, logGroupClass }) => ({ logGroupName: name, logGroupArn: arn, logGroupClass })),
    ...next,
  };
}

function putLogGroupDeletionProtection(
  state: LogsState,
  input: Checked<PutLogGroupDeletionProtectionRequest, 'logGroupIdentifier' | 'deletionProtectionEnabled'>,
) {
  const group = findGroup(state, groupNameOf(state, input.logGroupIdentifier));
  group.deletionProtectionEnabled = input.deletionProtectionEnabled;
  return {};
}

interface AccountFilter {
  readonly includeLinkedAccounts?: boolean | undefined;
  readonly accountIdentifiers?: readonly string[] | undefined;
}

/** No account is linked to this one; a request for the linked accounts may leave out this one too. */
function groupsWhere(
  state: LogsState,
  { includeLinkedAccounts, accountIdentifiers = [] }: AccountFilter,
  isWanted: (group: LogGroupRecord) => boolean,
): LogGroupRecord[] {
  if (includeLinkedAccounts && accountIdentifiers.length > 0 && !accountIdentifiers.includes(state.account)) return [];
  return [...state.groups.values()].filter(isWanted).sort((left, right) => byAscii(left.name, right.name));
}

/** A token is the last name seen, so that pages stay right when groups come and go in between. */
function pageFrom(groups: readonly LogGroupRecord[], token: string | undefined, limit: number) {
  const found = token === undefined ? 0 : groups.findIndex((group) => group.name > token);
  return pageOf(groups, found === -1 ? groups.length : found, limit, (group) => group.name);
}

function describeGroup(state: LogsState, group: LogGroupRecord) {
  let storedBytes = 0;
  for (const stream of group.streams.values()) {
    expireEvents(state, group, stream);
    storedBytes += stream.store.bytes;
  }
  return {
    ...outlineGroup(group),
    deletionProtectionEnabled: group.deletionProtectionEnabled,
    ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
    logGroupArn: group.arn,
    logGroupClass: group.logGroupClass,
    metricFilterCount: 0,
    ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
    storedBytes,
  };
}

/** All that DescribeLogGroups tells when it is asked with a pattern (API reference, `logGroupNamePattern`). */
function outlineGroup(group: LogGroupRecord) {
  return { arn: `${group.arn}:*`, creationTime: group.creationTime, logGroupName: group.name };
}
