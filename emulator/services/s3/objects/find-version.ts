import { AwsError } from '../../../service.ts';
import { findObject } from '../errors.ts';
import type { BucketRecord } from '../state.ts';
import { checkKey } from './object-key.ts';
import type { ObjectVersion } from './object-version.ts';
import { checkVersionId } from './version-ids.ts';

/**
 * The version whose tags, ACL or lock a request means: as `findVersion`, but a delete marker is refused as
 * such also when it was not asked for by its id.
 *
 * @throws AwsError NoSuchKey, NoSuchVersion, InvalidArgument, MethodNotAllowed
 */
export function findDescribedVersion(
  bucket: BucketRecord,
  key: string,
  versionId: string | undefined,
  method: string,
): ObjectVersion {
  const [newest] = bucket.objects.versions(key);
  return findVersion(bucket, key, versionId ?? (newest?.deleteMarker ? newest.versionId : undefined), method);
}

/**
 * The version that a read means; it has a body.
 *
 * @param method as the refusal of a delete marker names it
 * @throws AwsError NoSuchKey, NoSuchVersion, InvalidArgument, InvalidURI, KeyTooLongError; MethodNotAllowed for a delete marker that was asked
 *   for by its id (https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html)
 */
export function findVersion(
  bucket: BucketRecord,
  key: string,
  versionId: string | undefined,
  method: string,
): ObjectVersion {
  checkKey(key);
  checkVersionId(versionId);
  const [newest] = bucket.objects.versions(key);
  if (versionId === undefined && newest?.deleteMarker) {
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', {
      statusCode: 404,
      members: { Key: key },
      headers: markerHeaders(newest),
    });
  }
  const version = findObject(bucket, key, versionId);
  if (version.deleteMarker) {
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      statusCode: 405,
      members: { Method: method, ResourceType: 'DeleteMarker' },
      headers: {
        ...markerHeaders(version),
        allow: 'DELETE',
        'last-modified': new Date(version.lastModified).toUTCString(),
      },
    });
  }
  return version;
}

function markerHeaders({ versionId }: ObjectVersion): Record<string, string> {
  return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': versionId };
}
