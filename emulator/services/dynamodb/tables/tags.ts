import type { ListTagsOfResourceInput, Tag, TagResourceInput, UntagResourceInput } from '@aws-sdk/client-dynamodb';
import { AwsError, type Operation, type RequestContext } from '../../../service.ts';
import type { DynamodbState } from '../state.ts';
import { invalid, invalidParameters } from '../refusals.ts';
import type { TableRecord } from './table-record.ts';

/** Tags of tables, which are named by their ARN alone. */
export const tagOperations = {
  TagResource(state, input: TagResourceInput, context) {
    const table = findTagged(state, input.ResourceArn, 'TagResource', context);
    const tags = readTags(input.Tags);
    if (tags.size === 0) throw invalid('Atleast one Tag needs to be provided as Input.');
    const merged = new Map([...table.tags, ...tags]);
    if (merged.size > limit) throw tooMany();
    for (const [key, value] of tags) table.tags.set(key, value);
    return {};
  },
  UntagResource(state, input: UntagResourceInput, context) {
    const table = findTagged(state, input.ResourceArn, 'UntagResource', context);
    const keys = input.TagKeys ?? [];
    if (keys.length === 0) throw invalid('Atleast one Tag Key needs to be provided as Input.');
    for (const key of keys) refuseInvalidKey(key);
    if (keys.length > limit) throw tooMany();
    for (const key of keys) table.tags.delete(key);
    return {};
  },
  ListTagsOfResource(state, input: ListTagsOfResourceInput, context) {
    const tags = [...findTagged(state, input.ResourceArn, 'ListTagsOfResource', context).tags];
    const start = input.NextToken === undefined ? 0 : readToken(input.NextToken, tags.length);
    const end = start + pageSize;
    return {
      Tags: tags.slice(start, end).map(([Key, Value]) => ({ Key, Value })),
      NextToken: end < tags.length ? Buffer.from(String(end)).toString('base64url') : undefined,
    };
  },
} satisfies Record<string, Operation<DynamodbState>>;

/** @throws AwsError ValidationException for a key or value that is none, a key twice or AWS's own, or too many */
export function readTags(tags: readonly Tag[] = []): Map<string, string> {
  const read = new Map<string, string>();
  for (const { Key = '', Value = '' } of tags) {
    refuseInvalidKey(Key);
    if (Value.length > 256 || !tagText.test(Value)) throw invalid(`The Tag Value provided is invalid, Value: ${Value}`);
    if (/^aws:/i.test(Key)) throw invalid(`Tag Key cannot be prefixed with aws:, Key: ${Key}`);
    if (read.has(Key)) throw invalid(`Duplicate Tag Keys provided as input: Duplicate Tag Key found ${Key}`);
    read.set(Key, Value);
  }
  if (read.size > limit) throw tooMany();
  return read;
}

function refuseInvalidKey(key: string): void {
  if (key === '' || key.length > 128 || !tagText.test(key)) {
    throw invalid(`The Tag Key provided is invalid, Key: ${key}`);
  }
}

/** Letters, digits and spaces of any script, and these signs (developer guide, "Tagging restrictions in DynamoDB"). */
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Developer guide, "Tagging restrictions in DynamoDB". */
const limit = 50;

/** API reference, ListTagsOfResource: 10 calls a second; a page holds all that a table may have in practice. */
const pageSize = 50;

function findTagged(state: DynamodbState, arn = '', operation: string, { caller }: RequestContext): TableRecord {
  if (!arn.startsWith('arn:')) throw invalidParameters(`ARNs must start with 'arn:': ${arn}`);
  const [, , service, region, account, resource = ''] = arn.split(':');
  if (service !== 'dynamodb') throw invalidParameters(`Provided Arn is not a DynamoDB resource arn: ${arn}`);
  const name = /^table\/([^/]+)$/.exec(resource)?.[1];
  if (name === undefined) {
    throw invalidParameters(
      `Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${arn}`,
    );
  }
  if (region !== state.region) throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  if (account !== state.account) {
    throw new AwsError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: dynamodb:${operation} on resource: ${arn}`,
    );
  }
  const table = state.tables.get(name);
  if (table?.arn !== arn) {
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
  }
  return table;
}

function tooMany(): AwsError {
  return invalid('Number of Tags exceed the current limit for the provided ResourceArn');
}

function readToken(token: string, count: number): number {
  const start = Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 1 || start > count) throw invalid('Invalid NextToken');
  return start;
}
