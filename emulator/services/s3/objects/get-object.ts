import type { GetObjectOutput, GetObjectRequest, HeadObjectOutput } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { httpStatus } from '../../../protocols/protocol.ts';
import { AwsError, type RequestContext } from '../../../service.ts';
import { checksumMember } from '../bodies/receive-request-body.ts';
import { findBucket, invalidRequest } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { checkReadConditions } from './conditions.ts';
import { checkReadKey } from './encryption.ts';
import { expirationOf } from './expiration.ts';
import { findVersion } from './find-version.ts';
import type { ObjectVersion } from './object-version.ts';
import { answeredChecksum } from './put-object.ts';
import { contentRange, wantedRange, type ByteRange } from './ranges.ts';
import { answeredVersionId } from './store-version.ts';

type WithStatus<Output> = Output & { readonly [httpStatus]?: number };

/** @throws AwsError as the API reference of GetObject says; NotModified (304) */
export function getObject(
  state: S3State,
  input: GetObjectRequest,
  context: Pick<RequestContext, 'request'>,
): WithStatus<Omit<GetObjectOutput, 'Body'>> & { readonly Body: Buffer | Readable } {
  const { bucket, version, range } = findWanted(state, input, context);
  if (version.storageClass === 'GLACIER' || version.storageClass === 'DEEP_ARCHIVE') {
    throw new AwsError('InvalidObjectState', "The operation is not valid for the object's storage class", {
      statusCode: 403,
      members: { StorageClass: version.storageClass },
    });
  }
  return {
    ...describe(bucket, version, range, input),
    Body: version.body.read(range?.start, range?.end),
  };
}

/** @throws AwsError as `getObject` does; the gateway answers HEAD without the error's body */
export function headObject(
  state: S3State,
  input: GetObjectRequest,
  context: Pick<RequestContext, 'request'>,
): WithStatus<HeadObjectOutput> {
  const { bucket, version, range } = findWanted(state, input, context);
  return describe(bucket, version, range, input);
}

function findWanted(
  state: S3State,
  input: GetObjectRequest,
  { request }: Pick<RequestContext, 'request'>,
): { readonly bucket: BucketRecord; readonly version: ObjectVersion; readonly range: ByteRange | undefined } {
  const bucket = findBucket(state, input.Bucket);
  const version = findVersion(bucket, input.Key ?? '', input.VersionId, request.method);
  if (!isSigned(request) && responseOverrides(input)) {
    throw invalidRequest('Request specific response headers cannot be used for anonymous GET requests.');
  }
  checkReadKey(version.encryption, input);
  checkReadConditions(version, input, state.clock.now(), () => ({
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.lastModified).toUTCString(),
    ...(version.headers.CacheControl !== undefined && { 'cache-control': version.headers.CacheControl }),
    ...(bucket.versioning !== 'Disabled' && { 'x-amz-version-id': version.versionId }),
  }));
  return { bucket, version, range: wantedRange(version, input) };
}

/** Everything that the headers of an answer say of a version, or of a range of it. */
function describe(
  bucket: BucketRecord,
  version: ObjectVersion,
  range: ByteRange | undefined,
  input: GetObjectRequest,
): WithStatus<HeadObjectOutput> {
  const { headers, body, retention, legalHold, storageClass, tags } = version;
  const { Expires: expires, ...systemHeaders } = headers;
  const expiration = input.VersionId === undefined ? expirationOf(bucket, version) : undefined;
  const expiry = new Date(expires ?? Number.NaN);
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(version.lastModified),
    ETag: `"${version.etag}"`,
    ...systemHeaders,
    ...(!Number.isNaN(expiry.getTime()) && { Expires: expiry }),
    ...overrides(input),
    Metadata: version.metadata,
    ContentLength: range ? range.end - range.start : body.size,
    ...answeredVersionId(bucket, version),
    ...version.encryption,
    ...(storageClass !== 'STANDARD' && { StorageClass: storageClass as NonNullable<HeadObjectOutput['StorageClass']> }),
    ...(version.websiteRedirectLocation !== undefined && { WebsiteRedirectLocation: version.websiteRedirectLocation }),
    ...(tags.size > 0 && { TagCount: tags.size }),
    ...(retention && { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: new Date(retention.retainUntil) }),
    ...(bucket.objectLockEnabled && legalHold && { ObjectLockLegalHoldStatus: 'ON' as const }),
    ...(expiration !== undefined && { Expiration: expiration }),
    ...(range?.part !== undefined && version.parts && { PartsCount: version.parts.length }),
    ...(input.ChecksumMode === 'ENABLED' && checksumOfRange(version, range)),
    ...(range && { ContentRange: contentRange(range, body.size), [httpStatus]: 206 }),
  };
}

/** The stored checksum is that of the whole, and each part has its own; other ranges have none. */
function checksumOfRange(version: ObjectVersion, range: ByteRange | undefined): Record<string, string> {
  const { checksum, parts, body } = version;
  if (parts && range?.part !== undefined) {
    const value = parts.find(({ partNumber }) => partNumber === range.part)?.checksum;
    if (!checksum || value === undefined) return {};
    return { [checksumMember(checksum.algorithm)]: value, ChecksumType: checksum.type };
  }
  return range && range.end - range.start < body.size ? {} : answeredChecksum(version);
}

function overrides(input: GetObjectRequest): Record<string, unknown> {
  return responseOverrides(input) ?? {};
}

/** What the query's `response-*` wants the headers to be. */
function responseOverrides(input: GetObjectRequest): Record<string, unknown> | undefined {
  const given = overridable.flatMap((name) => {
    const value = input[`Response${name}`];
    return value === undefined ? [] : [[name, value] as const];
  });
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

const overridable = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'Expires',
] as const;

function isSigned({ headers, query }: RequestContext['request']): boolean {
  return headers['authorization'] !== undefined || /(^|&)(X-Amz-Signature|Signature)=/i.test(query);
}
