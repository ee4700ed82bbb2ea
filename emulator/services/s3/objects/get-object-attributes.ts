import type { GetObjectAttributesOutput, GetObjectAttributesRequest } from '@aws-sdk/client-s3';
import type { RequestContext } from '../../../service.ts';
import { checksumMember } from '../bodies/receive-request-body.ts';
import { findBucket, invalidArgument } from '../errors.ts';
import type { S3State } from '../state.ts';
import { checkReadKey } from './encryption.ts';
import { findVersion } from './find-version.ts';
import type { ObjectVersion, StoredChecksum } from './object-version.ts';
import { answeredVersionId } from './store-version.ts';

const attributes: ReadonlySet<string> = new Set(['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize']);

/** @throws AwsError as `getObject` does; InvalidArgument for attributes that there are not */
export function getObjectAttributes(
  state: S3State,
  input: GetObjectAttributesRequest,
  { request }: Pick<RequestContext, 'request'>,
): GetObjectAttributesOutput {
  const bucket = findBucket(state, input.Bucket);
  const wanted = new Set<string>(input.ObjectAttributes);
  if (wanted.size === 0 || [...wanted].some((name) => !attributes.has(name))) {
    throw invalidArgument('x-amz-object-attributes', [...wanted].join(','), 'Invalid attribute name specified.');
  }
  const version = findVersion(bucket, input.Key ?? '', input.VersionId, request.method);
  checkReadKey(version.encryption, input);
  return {
    LastModified: new Date(version.lastModified),
    ...answeredVersionId(bucket, version),
    // The only place where S3 writes it without quotes.
    ...(wanted.has('ETag') && { ETag: version.etag }),
    ...(wanted.has('Checksum') && version.checksum && { Checksum: describedChecksum(version.checksum) }),
    ...(wanted.has('ObjectParts') && version.parts && { ObjectParts: partsPage(version, input) }),
    ...(wanted.has('StorageClass') && { StorageClass: version.storageClass as 'STANDARD' }),
    ...(wanted.has('ObjectSize') && { ObjectSize: version.body.size }),
  };
}

/** Unlike everywhere else, a composite one does not say of how many parts. */
function describedChecksum({ algorithm, value, type }: StoredChecksum): GetObjectAttributesOutput['Checksum'] {
  return { [checksumMember(algorithm)]: value.replace(/-\d+$/, ''), ChecksumType: type };
}

/** The parts one by one only where they have checksums of their own. */
function partsPage(
  { parts = [], checksum }: ObjectVersion,
  { MaxParts = 1000, PartNumberMarker = '0' }: GetObjectAttributesRequest,
): GetObjectAttributesOutput['ObjectParts'] {
  const maximum = Math.min(MaxParts, 1000);
  const marker = Number(PartNumberMarker);
  if (!Number.isInteger(marker) || marker < 0) {
    throw invalidArgument(
      'part-number-marker',
      PartNumberMarker,
      'Provided part-number-marker not an integer or within integer range',
    );
  }
  const total = { TotalPartsCount: parts.length };
  if (!checksum || parts.every((part) => part.checksum === undefined)) return total;
  const rest = parts.filter(({ partNumber }) => partNumber > marker);
  const page = rest.slice(0, maximum);
  return {
    ...total,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(page.at(-1)?.partNumber ?? 0),
    MaxParts: maximum,
    IsTruncated: rest.length > page.length,
    Parts: page.map((part) => ({
      PartNumber: part.partNumber,
      Size: part.size,
      ...(part.checksum !== undefined && { [checksumMember(checksum.algorithm)]: part.checksum }),
    })),
  };
}
