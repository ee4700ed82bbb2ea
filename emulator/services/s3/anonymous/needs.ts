import type { Permission } from '@aws-sdk/client-s3';
import type { RequestHead } from '../../../protocols/protocol.ts';
import { bucketAddress } from '../bucket-address.ts';
import { everyObject, type PolicyResource } from '../configuration/policy-verdict.ts';
import { parseCopySource } from '../objects/copy-source.ts';
import type { BucketRecord, S3State } from '../state.ts';

/** One thing that a request has to be allowed to do, by a policy or by an ACL. */
export interface Need {
  readonly bucket: BucketRecord;
  /** As policies name it: `s3:GetObject`. */
  readonly action: string;
  readonly resource: PolicyResource;
  /** The ACL that may grant it, as AccessControlPolicy: the bucket's or the object's. */
  readonly acl: unknown;
  /** The permissions any of which does; none: no ACL grants it. */
  readonly grants: readonly Permission[];
}

/**
 * What a request needs: the actions of its operation
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/using-with-s3-policy-actions.html) and the permissions in ACLs
 * that stand for them (https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions).
 *
 * @returns undefined for operations that are never open to everybody
 */
export function needsOf(
  state: S3State,
  bucket: BucketRecord,
  request: RequestHead,
  operation: string,
): readonly Need[] | undefined {
  const ofBucket = bucketOperations[operation];
  if (ofBucket) return [bucketNeed(bucket, ...ofBucket)];
  const key = keyOf(request);
  const versionId = new URLSearchParams(request.query).get('versionId') ?? undefined;
  const ofObject = objectOperations[operation];
  if (ofObject) return ofObject.flatMap((action) => readNeed(bucket, key, versionId, action));
  const write = writeOperations[operation];
  if (!write) return undefined;
  // Which ones it deletes is in a body that is yet to come.
  if (operation === 'DeleteObjects') return [{ ...writeNeed(bucket, key, write), resource: everyObject(bucket.arn) }];
  const needs = [writeNeed(bucket, key, versionId === undefined ? write : `${write}Version`)];
  const { headers } = request;
  if (Object.keys(headers).some((name) => name === 'x-amz-acl' || name.startsWith('x-amz-grant-'))) {
    // Who may create an object owns it, and gives it its ACL.
    needs.push(writeNeed(bucket, key, 's3:PutObjectAcl'));
  }
  if (headers['x-amz-tagging'] !== undefined) {
    needs.push({ ...writeNeed(bucket, key, 's3:PutObjectTagging'), grants: [] });
  }
  const source = headers['x-amz-copy-source'];
  return source === undefined ? needs : [...needs, ...sourceNeeds(state, source)];
}

const bucketOperations: Readonly<Record<string, readonly [action: string, ...grants: Permission[]]>> = {
  HeadBucket: ['s3:ListBucket', 'READ'],
  ListObjects: ['s3:ListBucket', 'READ'],
  ListObjectsV2: ['s3:ListBucket', 'READ'],
  ListObjectVersions: ['s3:ListBucketVersions', 'READ'],
  ListMultipartUploads: ['s3:ListBucketMultipartUploads', 'READ'],
  GetBucketAcl: ['s3:GetBucketAcl', 'READ_ACP'],
  PutBucketAcl: ['s3:PutBucketAcl', 'WRITE_ACP'],
  GetBucketCors: ['s3:GetBucketCORS'],
  GetBucketLocation: ['s3:GetBucketLocation'],
  GetBucketTagging: ['s3:GetBucketTagging'],
  GetBucketVersioning: ['s3:GetBucketVersioning'],
  GetBucketWebsite: ['s3:GetBucketWebsite'],
};

/** On objects that are there; each action has a twin for versions asked for by their id. */
const objectOperations: Readonly<Record<string, readonly string[]>> = {
  GetObject: ['s3:GetObject'],
  HeadObject: ['s3:GetObject'],
  GetObjectAttributes: ['s3:GetObject', 's3:GetObjectAttributes'],
  GetObjectAcl: ['s3:GetObjectAcl'],
  PutObjectAcl: ['s3:PutObjectAcl'],
  GetObjectTagging: ['s3:GetObjectTagging'],
  PutObjectTagging: ['s3:PutObjectTagging'],
  DeleteObjectTagging: ['s3:DeleteObjectTagging'],
};

const writeOperations: Readonly<Record<string, string>> = {
  PutObject: 's3:PutObject',
  CopyObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  UploadPartCopy: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  ListParts: 's3:ListMultipartUploadParts',
  DeleteObject: 's3:DeleteObject',
  DeleteObjects: 's3:DeleteObject',
};

const objectGrants: Readonly<Record<string, readonly Permission[]>> = {
  's3:GetObject': ['READ'],
  's3:GetObjectAttributes': ['READ'],
  's3:GetObjectAcl': ['READ_ACP'],
  's3:PutObjectAcl': ['WRITE_ACP'],
};

const bucketWriteActions: ReadonlySet<string> = new Set(['s3:PutObject', 's3:PutObjectAcl', 's3:DeleteObject']);

function bucketNeed(bucket: BucketRecord, action: string, ...grants: readonly Permission[]): Need {
  return { bucket, action, resource: bucket.arn, acl: bucket.configuration.acl, grants };
}

function readNeed(bucket: BucketRecord, key: string, versionId: string | undefined, action: string): Need[] {
  const object = versionId === undefined ? bucket.objects.current(key) : bucket.objects.find(key, versionId);
  // Only who may list the bucket is told that there is no such object.
  if (!object) return [bucketNeed(bucket, 's3:ListBucket', 'READ')];
  const versioned = versionId === undefined ? action : action.replace('Object', 'ObjectVersion');
  const resource = `${bucket.arn}/${key}`;
  return [{ bucket, action: versioned, resource, acl: object.acl, grants: objectGrants[action] ?? [] }];
}

function writeNeed(bucket: BucketRecord, key: string, action: string): Need {
  const grants: readonly Permission[] = bucketWriteActions.has(action) ? ['WRITE'] : [];
  return { bucket, action, resource: `${bucket.arn}/${key}`, acl: bucket.configuration.acl, grants };
}

/** None for a source that is not there or cannot be read: the operation says so. */
function sourceNeeds(state: S3State, header: string): Need[] {
  let source: ReturnType<typeof parseCopySource>;
  try {
    source = parseCopySource(header);
  } catch {
    return [];
  }
  const bucket = state.buckets.get(source.bucketName);
  return bucket ? readNeed(bucket, source.key, source.versionId, 's3:GetObject') : [];
}

function keyOf(request: RequestHead): string {
  const { path } = bucketAddress(request);
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return path.slice(1);
  }
}
