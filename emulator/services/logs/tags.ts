import type {
  ListTagsForResourceRequest,
  ListTagsLogGroupRequest,
  TagFilter,
  TagLogGroupRequest,
  TagResourceRequest,
  UntagLogGroupRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../../service.ts';
import { type Checked, findGroup, groupNameOf, type LogGroupRecord, type LogsState } from './state.ts';

/** Tags of log groups, by the operations for any resource and by the older ones for log groups. */
export const tagOperations = {
  TagResource(state: LogsState, input: Checked<TagResourceRequest, 'resourceArn' | 'tags'>) {
    tag(findTagged(state, input.resourceArn), input.tags);
    return {};
  },
  UntagResource(state: LogsState, input: Checked<UntagResourceRequest, 'resourceArn' | 'tagKeys'>) {
    untag(findTagged(state, input.resourceArn), input.tagKeys);
    return {};
  },
  ListTagsForResource(state: LogsState, input: Checked<ListTagsForResourceRequest, 'resourceArn'>) {
    return { tags: Object.fromEntries(findTagged(state, input.resourceArn).tags) };
  },
  TagLogGroup(state: LogsState, input: Checked<TagLogGroupRequest, 'logGroupName' | 'tags'>) {
    tag(findGroup(state, input.logGroupName), input.tags);
    return {};
  },
  UntagLogGroup(state: LogsState, input: Checked<UntagLogGroupRequest, 'logGroupName' | 'tags'>) {
    untag(findGroup(state, input.logGroupName), input.tags);
    return {};
  },
  ListTagsLogGroup(state: LogsState, input: Checked<ListTagsLogGroupRequest, 'logGroupName'>) {
    return { tags: Object.fromEntries(findGroup(state, input.logGroupName).tags) };
  },
};

/** @throws AwsError InvalidParameterException when a key is one that AWS keeps for itself */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const key of Object.keys(tags)) {
    if (/^aws:/i.test(key)) {
      throw new AwsError('InvalidParameterException', `Tag keys starting with aws: are reserved for AWS: ${key}`);
    }
  }
}

/**
 * Compiles a filter of ListLogGroups into a test of a group's tags: the key must be there, and have one of
 * the values if any are given; `*` stands for any text, whatever its case, and `!` in front negates.
 *
 * Source: API reference, TagFilter.
 */
export function compileTagFilter({ key = '', values = [] }: TagFilter): (tags: ReadonlyMap<string, string>) => boolean {
  const tests = values.map(compileTagValue);
  return (tags) => {
    const value = tags.get(key);
    return value !== undefined && (tests.length === 0 || tests.some((isMatch) => isMatch(value)));
  };
}

function compileTagValue(pattern: string): (value: string) => boolean {
  const negated = pattern.startsWith('!');
  const text = negated ? pattern.slice(1) : pattern;
  if (!text.includes('*')) return (value) => (value === text) !== negated;
  const source = text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  const wildcard = new RegExp(`^${source}$`, 'is');
  return (value) => wildcard.test(value) !== negated;
}

const MAXIMUM_TAGS = 50;

function tag(group: LogGroupRecord, tags: Readonly<Record<string, string>>): void {
  checkTags(tags);
  const added = Object.keys(tags).filter((key) => !group.tags.has(key)).length;
  if (group.tags.size + added > MAXIMUM_TAGS) {
    throw new AwsError('TooManyTagsException', `A resource can have no more than ${MAXIMUM_TAGS} tags.`, {
      members: { resourceName: group.arn },
    });
  }
  for (const [key, value] of Object.entries(tags)) group.tags.set(key, value);
}

function untag(group: LogGroupRecord, keys: readonly string[]): void {
  for (const key of keys) group.tags.delete(key);
}

/** Of the taggable resources, log groups are the ones emulated. */
function findTagged(state: LogsState, arn: string): LogGroupRecord {
  if (!/^arn:[\w-]+:logs:[\w-]*:\d*:[\w-]+:./.test(arn)) {
    throw new AwsError('InvalidParameterException', `The ARN is not a CloudWatch Logs resource: ${arn}`);
  }
  return findGroup(state, groupNameOf(state, arn));
}
