import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from './s3-test.ts';

const madeUp = 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD';

function enableVersioning(s3: S3Client, Bucket: string) {
  return s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
}

test('deleting is idempotent without versions', async ({ s3, bucket: Bucket }) => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'x' }));
  for (const Key of ['o', 'o', 'never']) {
    const { $metadata, DeleteMarker, VersionId } = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect([$metadata.httpStatusCode, DeleteMarker, VersionId]).toEqual([204, undefined, undefined]);
  }
  await expect(s3.send(new DeleteObjectCommand({ Bucket, Key: 'o', VersionId: madeUp }))).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: 'Invalid version id specified',
    ArgumentName: 'versionId',
    ArgumentValue: madeUp,
  });
});

test('a delete marker hides the versions beneath it, and goes away itself', async ({ s3, bucket: Bucket }) => {
  await enableVersioning(s3, Bucket);
  const put = await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'kept' }));
  const deleted = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'o' }));
  expect(deleted).toMatchObject({ DeleteMarker: true, VersionId: expect.stringMatching(/^[\w.]{32}$/) });
  const marker = deleted.VersionId ?? '';

  await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'o' }))).rejects.toMatchObject({
    name: 'NoSuchKey',
    $response: { headers: { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker } },
  });
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'o', VersionId: marker }))).rejects.toMatchObject({
    name: 'MethodNotAllowed',
    Method: 'GET',
    ResourceType: 'DeleteMarker',
    $metadata: { httpStatusCode: 405 },
    $response: { headers: { 'x-amz-delete-marker': 'true', allow: 'DELETE' } },
  });
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'o', VersionId: marker }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 405 },
  });
  await expect(s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'o' }))).rejects.toMatchObject({
    name: 'MethodNotAllowed',
  });
  const old = await s3.send(new GetObjectCommand({ Bucket, Key: 'o', VersionId: put.VersionId }));
  expect(await old.Body?.transformToString()).toBe('kept');

  expect(await s3.send(new DeleteObjectCommand({ Bucket, Key: 'o', VersionId: marker }))).toMatchObject({
    DeleteMarker: true,
    VersionId: marker,
  });
  const back = await s3.send(new GetObjectCommand({ Bucket, Key: 'o' }));
  expect(await back.Body?.transformToString()).toBe('kept');

  const gone = { Bucket, Key: 'o', VersionId: put.VersionId };
  expect((await s3.send(new DeleteObjectCommand(gone))).DeleteMarker).toBeUndefined();
  await expect(s3.send(new GetObjectCommand(gone))).rejects.toMatchObject({ name: 'NoSuchVersion', Key: 'o' });
  expect((await s3.send(new DeleteObjectCommand(gone))).VersionId, 'once more').toBe(put.VersionId);
});

test('a conditional deletion looks at the current version', async ({ s3, bucket: Bucket }) => {
  const del = (IfMatch: string) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'o', IfMatch }));
  await expect(del('*')).rejects.toMatchObject({ name: 'NoSuchKey' });
  const { ETag = '' } = await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'x' }));
  await expect(del('"other"')).rejects.toMatchObject({ name: 'PreconditionFailed', Condition: 'If-Match' });
  expect((await del(ETag)).$metadata.httpStatusCode).toBe(204);
});

test('many objects are deleted at once, each with its own result', async ({ s3, bucket: Bucket }) => {
  for (const Key of ['a', 'b']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: '' }));
  const del = (Objects: { Key: string; VersionId?: string; ETag?: string }[], Quiet = false) =>
    s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet } }));
  expect(
    await del([{ Key: 'a' }, { Key: 'none' }, { Key: 'b', VersionId: madeUp }, { Key: 'b', ETag: '"x"' }]),
  ).toMatchObject({
    Deleted: [{ Key: 'a' }, { Key: 'none' }],
    Errors: [
      { Key: 'b', VersionId: madeUp, Code: 'NoSuchVersion', Message: 'The specified version does not exist.' },
      { Key: 'b', Code: 'PreconditionFailed' },
    ],
  });
  const quiet = await del([{ Key: 'b' }], true);
  expect([quiet.Deleted, quiet.Errors]).toEqual([undefined, undefined]);

  await enableVersioning(s3, Bucket);
  const marked = await del([{ Key: 'a' }]);
  const DeleteMarkerVersionId = marked.Deleted?.[0]?.DeleteMarkerVersionId ?? '';
  expect(marked.Deleted).toEqual([{ Key: 'a', DeleteMarker: true, DeleteMarkerVersionId }]);
  expect((await del([{ Key: 'a', VersionId: DeleteMarkerVersionId }])).Deleted).toEqual([
    { Key: 'a', VersionId: DeleteMarkerVersionId, DeleteMarker: true, DeleteMarkerVersionId },
  ]);
});

test('one to a thousand objects can be deleted at once', async ({ s3, bucket: Bucket }) => {
  const del = (count: number) => {
    const Objects = Array.from({ length: count }, (_, i) => ({ Key: `k${i}` }));
    return s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  };
  expect((await del(1000)).Deleted).toHaveLength(1000);
  for (const count of [0, 1001]) await expect(del(count)).rejects.toMatchObject({ name: 'MalformedXML' });
});

test('what is locked cannot be removed, only hidden', async ({ s3, uniqueName: Bucket }) => {
  await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: 'o', Body: 'x' }));
  const version = { Bucket, Key: 'o', VersionId };
  const refused = { name: 'AccessDenied', message: 'Access Denied because object protected by object lock.' };
  const del = (BypassGovernanceRetention?: boolean) =>
    s3.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention }));
  await expect(s3.send(new GetObjectRetentionCommand(version))).rejects.toMatchObject({
    name: 'NoSuchObjectLockConfiguration',
  });

  const RetainUntilDate = new Date(Date.now() + 86_400_000);
  const retain = (until: Date, BypassGovernanceRetention?: boolean) =>
    s3.send(
      new PutObjectRetentionCommand({
        ...version,
        Retention: { Mode: 'GOVERNANCE', RetainUntilDate: until },
        BypassGovernanceRetention,
      }),
    );
  await retain(RetainUntilDate);
  expect((await s3.send(new GetObjectRetentionCommand(version))).Retention).toEqual({
    Mode: 'GOVERNANCE',
    RetainUntilDate,
  });
  const sooner = new Date(RetainUntilDate.getTime() - 3_600_000);
  await expect(retain(sooner)).rejects.toMatchObject(refused);
  await retain(sooner, true);
  await expect(retain(new Date(0))).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: 'The retain until date must be in the future!',
  });
  await expect(del()).rejects.toMatchObject(refused);

  const hold = (Status: 'ON' | 'OFF') => s3.send(new PutObjectLegalHoldCommand({ ...version, LegalHold: { Status } }));
  await hold('ON');
  expect(await s3.send(new HeadObjectCommand(version))).toMatchObject({
    ObjectLockMode: 'GOVERNANCE',
    ObjectLockLegalHoldStatus: 'ON',
  });
  await expect(del(true), 'a legal hold is not bypassed').rejects.toMatchObject(refused);
  await hold('OFF');
  expect((await s3.send(new GetObjectLegalHoldCommand(version))).LegalHold).toEqual({ Status: 'OFF' });

  const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'o' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'o', VersionId: marker.VersionId }));
  await del(true);
  await s3.send(new DeleteBucketCommand({ Bucket }));
});

test('a bypass of governance is refused where there is no lock', async ({ s3, bucket: Bucket }) => {
  await expect(
    s3.send(new DeleteObjectCommand({ Bucket, Key: 'o', BypassGovernanceRetention: true })),
  ).rejects.toMatchObject({ name: 'InvalidArgument', ArgumentName: 'x-amz-bypass-governance-retention' });
});
