import { AwsError, type RequestContext } from '../../../service.ts';
import type { AclHeaders } from '../configuration/acl-grants.ts';
import { aclOfWrite } from '../configuration/given-acl.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { encryptionOf, type EncryptionInput } from './encryption.ts';
import { lockOf, type LockInput } from './object-lock.ts';
import type { ObjectAttributes, SystemHeaders } from './object-version.ts';
import { tagsFromHeader } from './tags.ts';

/** The members that PutObject, CopyObject and CreateMultipartUpload share. */
export interface AttributesInput extends EncryptionInput, LockInput, AclHeaders {
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
  readonly StorageClass?: string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly Tagging?: string | undefined;
}

/** What a write has besides its input; forms, which not everybody signs, have no caller. */
export type WriteContext = Pick<RequestContext, 'request'> & Partial<Pick<RequestContext, 'caller'>>;

/**
 * Reads and checks what the headers of a write say of the object that it makes.
 *
 * @throws AwsError as S3 for each header that is wrong: MetadataTooLarge, InvalidStorageClass, InvalidTag, InvalidArgument, …
 */
export function attributesOf(
  state: S3State,
  bucket: BucketRecord,
  input: AttributesInput,
  { request, caller }: WriteContext,
): ObjectAttributes {
  return {
    headers: systemHeaders(input, request.headers['expires']),
    metadata: checkedMetadata(input.Metadata),
    storageClass: storageClassOf(input.StorageClass),
    websiteRedirectLocation: redirectOf(input.WebsiteRedirectLocation),
    tags: tagsFromHeader(input.Tagging),
    acl: aclOfWrite(state, bucket, input),
    encryption: encryptionOf(state, bucket, input, caller?.arn),
    ...lockOf(state, bucket, input),
  };
}

/** @param expires the header as it was sent: S3 keeps also what is no date */
export function systemHeaders(input: AttributesInput, expires: string | undefined): SystemHeaders {
  const { CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType } = input;
  return {
    ...(CacheControl !== undefined && { CacheControl }),
    ...(ContentDisposition !== undefined && { ContentDisposition }),
    ...(ContentEncoding !== undefined && { ContentEncoding }),
    ...(ContentLanguage !== undefined && { ContentLanguage }),
    ContentType: ContentType ?? 'binary/octet-stream',
    ...(expires !== undefined && expires !== '' && { Expires: expires }),
  };
}

/** Bytes of all names and values together (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html). */
const maximumMetadata = 2048;

/** @throws AwsError MetadataTooLarge */
function checkedMetadata(metadata: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  let size = 0;
  for (const [name, value] of Object.entries(metadata)) size += Buffer.byteLength(name) + Buffer.byteLength(value);
  if (size <= maximumMetadata) return metadata;
  throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
    statusCode: 400,
    members: { Size: size, MaxSizeAllowed: maximumMetadata },
  });
}

const storageClasses: ReadonlySet<string> = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);

/** @throws AwsError InvalidStorageClass, also for the classes of other kinds of storage (OUTPOSTS, SNOW, …) */
function storageClassOf(storageClass = 'STANDARD'): string {
  if (storageClasses.has(storageClass)) return storageClass;
  throw new AwsError('InvalidStorageClass', 'The storage class you specified is not valid', {
    statusCode: 400,
    members: { StorageClassRequested: storageClass },
  });
}

/** @throws AwsError InvalidRedirectLocation */
export function redirectOf(location: string | undefined): string | undefined {
  if (location === undefined || /^(\/|https?:\/\/)/.test(location)) return location;
  throw new AwsError(
    'InvalidRedirectLocation',
    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
    { statusCode: 400 },
  );
}
