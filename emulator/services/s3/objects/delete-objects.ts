import type { DeletedObject, DeleteObjectsOutput, DeleteObjectsRequest, ObjectIdentifier } from '@aws-sdk/client-s3';
import { AwsError, type RequestContext } from '../../../service.ts';
import { findBucket, invalidRequest, malformedXml, noSuchVersion } from '../errors.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { checkBypass, deleteVersion } from './delete-object.ts';
import { checkKey } from './object-key.ts';
import { checkVersionId } from './version-ids.ts';

/**
 * Deletes up to 1000 objects, each for itself: what one of them meets is told in its place.
 *
 * @throws AwsError MalformedXML, InvalidRequest, InvalidArgument
 */
export function deleteObjects(
  state: S3State,
  input: DeleteObjectsRequest,
  { request }: Pick<RequestContext, 'request'>,
): DeleteObjectsOutput {
  const bucket = findBucket(state, input.Bucket);
  checkDigestGiven(request.headers);
  checkBypass(bucket, input.BypassGovernanceRetention);
  const { Objects: objects = [], Quiet: quiet = false } = input.Delete ?? {};
  if (objects.length === 0 || objects.length > 1000) throw malformedXml();

  const Deleted: DeletedObject[] = [];
  const Errors: NonNullable<DeleteObjectsOutput['Errors']> = [];
  for (const object of objects) {
    try {
      const deleted = deleteOne(state, bucket, object, input.BypassGovernanceRetention ?? false);
      if (!quiet) Deleted.push(deleted);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Errors.push({
        Code: error.code,
        Key: object.Key,
        Message: error.message,
        ...(object.VersionId !== undefined && { VersionId: object.VersionId }),
      });
    }
  }
  return { ...(Deleted.length > 0 && { Deleted }), ...(Errors.length > 0 && { Errors }) };
}

function deleteOne(
  state: S3State,
  bucket: BucketRecord,
  { Key: key = '', VersionId, ETag, LastModifiedTime, Size }: ObjectIdentifier,
  bypass: boolean,
): DeletedObject {
  checkKey(key);
  // An empty element names no version.
  const versionId = VersionId === '' ? undefined : VersionId;
  try {
    checkVersionId(versionId);
  } catch {
    throw noSuchVersion(key, versionId ?? '');
  }
  const { deleteMarker, versionId: deleted } = deleteVersion(state, bucket, {
    key,
    versionId,
    bypass,
    conditions: { etag: ETag, lastModified: LastModifiedTime, size: Size },
  });
  return {
    Key: key,
    ...(versionId !== undefined && { VersionId: versionId }),
    ...(deleteMarker && deleted !== undefined && { DeleteMarker: true, DeleteMarkerVersionId: deleted }),
  };
}

/** So many deletions at once have to be sure of what was asked for. */
function checkDigestGiven(headers: Readonly<Record<string, string>>): void {
  if (headers['content-md5'] !== undefined || headers['x-amz-trailer'] !== undefined) return;
  if (Object.keys(headers).some((name) => name.startsWith('x-amz-checksum-'))) return;
  throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
}
