import type { CopyObjectOutput, CopyObjectRequest } from '@aws-sdk/client-s3';
import { digestBody } from '../bodies/body-store.ts';
import { namedAlgorithm, type ChecksumAlgorithm } from '../bodies/checksums.ts';
import { checksumMember, maximumUpload } from '../bodies/receive-request-body.ts';
import { findBucket, invalidArgument, invalidRequest } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { checkWriteConditionHeaders, checkWriteConditions } from './conditions.ts';
import { findCopySource, type CopySource } from './copy-source.ts';
import { etagOf } from './encryption.ts';
import { attributesOf, type WriteContext } from './object-attributes.ts';
import type { ObjectEncryption, ObjectVersion } from './object-version.ts';
import { checkKey } from './object-key.ts';
import { checkBucketStillThere, storeVersion, timeOfChange } from './store-version.ts';

/**
 * Makes an object of another one's content. Metadata and tags come along unless they are replaced; storage
 * class, encryption, ACL and lock are those of the request and the destination bucket.
 *
 * @throws AwsError as the API reference of CopyObject says
 */
export async function copyObject(
  state: S3State,
  input: CopyObjectRequest,
  context: WriteContext,
): Promise<CopyObjectOutput> {
  const key = input.Key ?? '';
  const bucket = findBucket(state, input.Bucket);
  checkKey(key);
  checkWriteConditionHeaders(input);
  const replaceMetadata = isReplace(input.MetadataDirective, 'metadata');
  const replaceTags = isReplace(input.TaggingDirective, 'tagging');
  const algorithm = input.ChecksumAlgorithm === undefined ? undefined : namedAlgorithm(input.ChecksumAlgorithm);
  const source = findCopySource(state, input);
  const { version: original } = source;
  if (original.body.size > maximumUpload) {
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${maximumUpload}`,
    );
  }
  checkChange(bucket, key, input, source, replaceMetadata);
  // What is not replaced does not count, and need not be right.
  const { Metadata, Tagging, ...others } = input;
  const attributes = attributesOf(
    state,
    bucket,
    { ...others, ...(replaceMetadata && { Metadata }), ...(replaceTags && { Tagging }) },
    context,
  );
  checkWriteConditions(key, bucket.objects.current(key), input);

  const { body } = original;
  body.retain();
  let version: ObjectVersion;
  try {
    const digests = await digestsOfCopy(original, attributes.encryption, algorithm);
    checkBucketStillThere(state, bucket);
    checkWriteConditions(key, bucket.objects.current(key), input);
    version = storeVersion(bucket, {
      ...attributes,
      ...(!replaceMetadata && { headers: original.headers, metadata: original.metadata }),
      ...(!replaceTags && { tags: original.tags }),
      ...digests,
      key,
      deleteMarker: false,
      lastModified: timeOfChange(state),
      body,
      parts: undefined,
    });
  } catch (error) {
    body.release();
    throw error;
  }
  return {
    CopyObjectResult: {
      ETag: `"${version.etag}"`,
      LastModified: new Date(version.lastModified),
      ...(version.checksum && { [checksumMember(version.checksum.algorithm)]: version.checksum.value }),
    },
    ...version.encryption,
    ...(source.bucket.versioning !== 'Disabled' && { CopySourceVersionId: original.versionId }),
    ...(bucket.versioning === 'Enabled' && { VersionId: version.versionId }),
  };
}

/** A copy is one piece, also of what was uploaded in parts: its ETag is an MD5, its checksum that of the whole. */
async function digestsOfCopy(
  original: ObjectVersion,
  encryption: ObjectEncryption | undefined,
  asked: ChecksumAlgorithm | undefined,
): Promise<Pick<ObjectVersion, 'etag' | 'checksum'>> {
  const { body, checksum } = original;
  const algorithm = asked ?? checksum?.algorithm ?? 'CRC64NVME';
  const known = checksum?.algorithm === algorithm && checksum.type === 'FULL_OBJECT' ? checksum : undefined;
  const plain = (of: ObjectEncryption | undefined): boolean => of?.ServerSideEncryption === 'AES256';
  if (known && !original.parts && plain(original.encryption) && plain(encryption)) {
    return { etag: original.etag, checksum: known };
  }
  const { md5, checksums } = await digestBody(body, known ? [] : [algorithm]);
  const value = checksums.get(algorithm)?.toString('base64');
  return {
    etag: etagOf(md5, encryption),
    checksum: known ?? (value === undefined ? undefined : { algorithm, value, type: 'FULL_OBJECT' }),
  };
}

/** @throws AwsError InvalidRequest for a copy onto itself that would change nothing */
function checkChange(
  bucket: BucketRecord,
  key: string,
  input: CopyObjectRequest,
  source: CopySource,
  replaceMetadata: boolean,
): void {
  if (source.bucket !== bucket || source.version.key !== key || source.versionId !== undefined) return;
  const changes =
    replaceMetadata ||
    input.StorageClass !== undefined ||
    input.WebsiteRedirectLocation !== undefined ||
    input.ServerSideEncryption !== undefined ||
    input.SSECustomerKey !== undefined ||
    bucket.configuration.encryption !== undefined;
  if (changes) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

function isReplace(directive: string | undefined, what: 'metadata' | 'tagging'): boolean {
  if (directive === undefined || directive === 'COPY') return false;
  if (directive === 'REPLACE') return true;
  throw invalidArgument(`x-amz-${what}-directive`, directive, `Unknown ${what} directive.`);
}
