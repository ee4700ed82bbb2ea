import type {
  ListObjectsCommandInput,
  ListObjectsCommandOutput,
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import { findBucket } from '../errors.ts';
import type { KeyIndex } from '../objects/key-index.ts';
import type { ObjectVersion } from '../objects/object-version.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';
import { continuationToken, readContinuationToken } from './continuation-token.ts';
import { listedObject } from './listed-object.ts';
import { pageLimit } from './page-limit.ts';
import { readPage, type KeySource } from './page.ts';
import { keyWriter, type KeyWriter } from './url-encoding.ts';

type Output<Command> = Omit<Command, '$metadata'>;

/**
 * ListObjects (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html): NextMarker is told
 * only with a delimiter; without one, clients go on behind the last key.
 *
 * @throws AwsError NoSuchBucket, InvalidArgument
 */
export function listObjects(state: S3State, input: ListObjectsCommandInput): Output<ListObjectsCommandOutput> {
  const { Prefix: prefix = '', Delimiter: delimiter = '', Marker: after = '' } = input;
  const { objects } = findBucket(state, input.Bucket);
  const write = keyWriter(input.EncodingType);
  const limit = pageLimit('maxKeys', input.MaxKeys);
  const page = readPage(currentObjects(objects), { prefix, delimiter, after, limit });
  const owner = ownerOf(state.account);
  return {
    Name: input.Bucket,
    Prefix: write(prefix),
    Marker: write(after),
    MaxKeys: limit,
    ...(delimiter && { Delimiter: write(delimiter) }),
    IsTruncated: page.truncated,
    ...(page.truncated && delimiter && page.last !== undefined && { NextMarker: write(page.last) }),
    ...(input.EncodingType && { EncodingType: input.EncodingType }),
    Contents: page.entries.map((version) => ({ ...listedObject(version, write), Owner: owner })),
    CommonPrefixes: commonPrefixes(page.commonPrefixes, write),
  };
}

/**
 * ListObjectsV2 (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html). A continuation
 * token outweighs StartAfter, which is then not repeated in the answer either.
 *
 * @throws AwsError NoSuchBucket, InvalidArgument
 */
export function listObjectsV2(state: S3State, input: ListObjectsV2CommandInput): Output<ListObjectsV2CommandOutput> {
  const { Prefix: prefix = '', Delimiter: delimiter = '', ContinuationToken: token } = input;
  const { objects } = findBucket(state, input.Bucket);
  const write = keyWriter(input.EncodingType);
  const limit = pageLimit('maxKeys', input.MaxKeys);
  const after = token === undefined ? (input.StartAfter ?? '') : readContinuationToken(token);
  const page = readPage(currentObjects(objects), { prefix, delimiter, after, limit });
  const owner = input.FetchOwner ? { Owner: ownerOf(state.account) } : {};
  return {
    Name: input.Bucket,
    Prefix: write(prefix),
    ...(token === undefined
      ? input.StartAfter && { StartAfter: write(input.StartAfter) }
      : { ContinuationToken: token }),
    KeyCount: page.entries.length + page.commonPrefixes.length,
    MaxKeys: limit,
    ...(delimiter && { Delimiter: write(delimiter) }),
    IsTruncated: page.truncated,
    ...(page.truncated && page.last !== undefined && { NextContinuationToken: continuationToken(page.last) }),
    ...(input.EncodingType && { EncodingType: input.EncodingType }),
    Contents: page.entries.map((version) => ({ ...listedObject(version, write), ...owner })),
    CommonPrefixes: commonPrefixes(page.commonPrefixes, write),
  };
}

/** Common prefixes as all listings write them. */
export function commonPrefixes(prefixes: readonly string[], write: KeyWriter): { Prefix: string }[] {
  return prefixes.map((prefix) => ({ Prefix: write(prefix) }));
}

/** Keys whose newest version is a delete marker have nothing to list. */
function currentObjects(objects: KeyIndex): KeySource<ObjectVersion> {
  return {
    *from(key) {
      for (const [name, versions] of objects.from(key)) {
        const [newest] = versions;
        yield [name, newest && !newest.deleteMarker ? [newest] : []] as const;
      }
    },
  };
}
