import type { Tag } from '@aws-sdk/client-s3';
import { AwsError } from '../../../service.ts';

/**
 * Checks the tags of a bucket, by the rules of https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 * and those of all AWS tags.
 *
 * @throws AwsError InvalidTag, BadRequest
 */
export function tagsOf(tagSet: readonly Tag[]): ReadonlyMap<string, string> {
  if (tagSet.length > 50) {
    throw new AwsError('BadRequest', 'Bucket tag count cannot be greater than 50', { statusCode: 400 });
  }
  const tags = new Map<string, string>();
  for (const { Key: key = '', Value: value = '' } of tagSet) {
    if (tags.has(key)) throw invalidTag('Cannot provide multiple Tags with the same key', key);
    if (key === '' || key.length > 128 || !allowed.test(key)) {
      throw invalidTag('The TagKey you have provided is invalid', key);
    }
    if (value.length > 256 || !allowed.test(value)) {
      throw new AwsError('InvalidTag', 'The TagValue you have provided is invalid', {
        statusCode: 400,
        members: { TagKey: key, TagValue: value },
      });
    }
    if (/^aws:/i.test(key)) throw invalidTag('System tags cannot be added/updated by requester', key);
    tags.set(key, value);
  }
  return tags;
}

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function invalidTag(message: string, key: string): AwsError {
  return new AwsError('InvalidTag', message, { statusCode: 400, members: { TagKey: key } });
}
