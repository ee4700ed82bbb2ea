import type { ListObjectVersionsCommandInput, ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import { findBucket, invalidArgument } from '../errors.ts';
import type { KeyIndex } from '../objects/key-index.ts';
import type { ObjectVersion } from '../objects/object-version.ts';
import { ageRank, nullVersion } from '../objects/version-ids.ts';
import { ownerOf } from '../owner.ts';
import type { S3State } from '../state.ts';
import { commonPrefixes } from './list-objects.ts';
import { listedObject, wholeSeconds } from './listed-object.ts';
import { pageLimit } from './page-limit.ts';
import { readPage, type KeySource } from './page.ts';
import { keyWriter } from './url-encoding.ts';

/**
 * ListObjectVersions (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html): by key,
 * the versions and delete markers of each key newest first.
 *
 * @throws AwsError NoSuchBucket, InvalidArgument
 */
export function listObjectVersions(
  state: S3State,
  input: ListObjectVersionsCommandInput,
): Omit<ListObjectVersionsCommandOutput, '$metadata'> {
  const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: after = '' } = input;
  const { objects } = findBucket(state, input.Bucket);
  const write = keyWriter(input.EncodingType);
  const limit = pageLimit('maxKeys', input.MaxKeys);
  const versionIdMarker = readVersionIdMarker(input);
  const source = listedVersions(objects, after, versionIdMarker, limit);
  const page = readPage(source, { prefix, delimiter, after, rest: versionIdMarker !== '', limit });
  const next = page.truncated ? page.last : undefined;
  const lastVersion = page.entries.at(-1);
  const owner = ownerOf(state.account);
  return {
    Name: input.Bucket,
    Prefix: write(prefix),
    KeyMarker: write(after),
    VersionIdMarker: versionIdMarker,
    ...(next !== undefined && { NextKeyMarker: write(next) }),
    ...(lastVersion && lastVersion.version.key === next && { NextVersionIdMarker: lastVersion.version.versionId }),
    MaxKeys: limit,
    ...(delimiter && { Delimiter: write(delimiter) }),
    IsTruncated: page.truncated,
    ...(input.EncodingType && { EncodingType: input.EncodingType }),
    Versions: page.entries
      .filter(({ version }) => !version.deleteMarker)
      .map(({ version, latest }) => ({
        ...listedObject(version, write),
        VersionId: version.versionId,
        IsLatest: latest,
        Owner: owner,
      })),
    DeleteMarkers: page.entries
      .filter(({ version }) => version.deleteMarker)
      .map(({ version, latest }) => ({
        Key: write(version.key),
        VersionId: version.versionId,
        IsLatest: latest,
        LastModified: wholeSeconds(version.lastModified),
        Owner: owner,
      })),
    CommonPrefixes: commonPrefixes(page.commonPrefixes, write),
  };
}

interface ListedVersion {
  readonly version: ObjectVersion;
  readonly latest: boolean;
}

function readVersionIdMarker({
  KeyMarker: key = '',
  VersionIdMarker: versionId,
}: ListObjectVersionsCommandInput): string {
  if (versionId === undefined) return '';
  if (versionId === '') {
    throw invalidArgument('version-id-marker', '', 'A version-id marker cannot be empty.');
  }
  if (key === '') {
    const message = 'A version-id marker cannot be specified without a key marker.';
    throw invalidArgument('version-id-marker', versionId, message);
  }
  if (versionId !== nullVersion && ageRank(versionId) === undefined) {
    throw invalidArgument('version-id-marker', versionId, 'Invalid version id specified');
  }
  return versionId;
}

/**
 * The versions of each key, newest first; of the marker's key only those older than the marked one.
 *
 * @param limit no more of one key are ever wanted than this, and one to see that there are more
 */
function listedVersions(
  objects: KeyIndex,
  markedKey: string,
  versionIdMarker: string,
  limit: number,
): KeySource<ListedVersion> {
  return {
    *from(start) {
      for (const [key, versions] of objects.from(start)) {
        const first = key === markedKey && versionIdMarker !== '' ? indexBehind(versions, versionIdMarker) : 0;
        const listed = versions.slice(first, first + limit + 1);
        yield [key, listed.map((version, index) => ({ version, latest: first + index === 0 }))] as const;
      }
    },
  };
}

/** Where the versions older than the marked one begin, which may have been deleted since its page was read. */
function indexBehind(versions: readonly ObjectVersion[], marker: string): number {
  const index = versions.findIndex(({ versionId }) => versionId === marker);
  if (index >= 0) return index + 1;
  const rank = ageRank(marker);
  // Nothing tells when a `null` version was made that is gone.
  if (rank === undefined) return 0;
  return versions.findLastIndex(({ versionId }) => (ageRank(versionId) ?? -1) > rank) + 1;
}
