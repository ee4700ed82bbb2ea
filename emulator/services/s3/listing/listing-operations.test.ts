import { expect, test } from '@playwright/test';
import { manualClock } from '../../../clock.ts';
import { createKeyIndex } from '../objects/key-index.ts';
import type { ObjectVersion } from '../objects/object-version.ts';
import { nextVersionId } from '../objects/version-ids.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { listObjectVersions } from './list-object-versions.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';

const noBody = { size: 3, read: () => Buffer.from('abc'), retain() {}, release() {} };

function version(key: string, changes: Partial<ObjectVersion> = {}): ObjectVersion {
  return {
    key,
    versionId: 'null',
    deleteMarker: false,
    lastModified: Date.UTC(2026, 0, 1, 0, 0, 0, 789),
    body: noBody,
    etag: '900150983cd24fb0d6963f7d28e17f72',
    checksum: { algorithm: 'CRC32', value: 'NSRBwg==', type: 'FULL_OBJECT' },
    parts: undefined,
    headers: { ContentType: 'binary/octet-stream' },
    metadata: {},
    storageClass: 'STANDARD',
    encryption: undefined,
    websiteRedirectLocation: undefined,
    tags: new Map(),
    acl: undefined,
    retention: undefined,
    legalHold: false,
    ...changes,
  };
}

function bucketOf(versions: readonly ObjectVersion[]): S3State {
  const objects = createKeyIndex();
  for (const each of versions) objects.add(each);
  const bucket = { name: 'b', objects, uploads: new Map() } as unknown as BucketRecord;
  return { account: '000000000000', clock: manualClock(), buckets: new Map([['b', bucket]]) } as unknown as S3State;
}

const refusal = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
};

test('an empty bucket answers every element that S3 always sends', () => {
  const state = bucketOf([]);
  expect(listObjects(state, { Bucket: 'b' })).toEqual({
    Name: 'b',
    Prefix: '',
    Marker: '',
    MaxKeys: 1000,
    IsTruncated: false,
    Contents: [],
    CommonPrefixes: [],
  });
  expect(listObjectsV2(state, { Bucket: 'b' })).toEqual({
    Name: 'b',
    Prefix: '',
    KeyCount: 0,
    MaxKeys: 1000,
    IsTruncated: false,
    Contents: [],
    CommonPrefixes: [],
  });
  expect(listObjectVersions(state, { Bucket: 'b' })).toEqual({
    Name: 'b',
    Prefix: '',
    KeyMarker: '',
    VersionIdMarker: '',
    MaxKeys: 1000,
    IsTruncated: false,
    Versions: [],
    DeleteMarkers: [],
    CommonPrefixes: [],
  });
});

test('an entry tells size, ETag, checksum and a time of whole seconds; its owner only where S3 does', () => {
  const state = bucketOf([version('a')]);
  const entry = {
    Key: 'a',
    LastModified: new Date(Date.UTC(2026, 0, 1)),
    ETag: '"900150983cd24fb0d6963f7d28e17f72"',
    ChecksumAlgorithm: ['CRC32'],
    ChecksumType: 'FULL_OBJECT',
    Size: 3,
    StorageClass: 'STANDARD',
  };
  const owner = { Owner: { ID: expect.stringMatching(/^[0-9a-f]{64}$/) } };
  expect(listObjectsV2(state, { Bucket: 'b' }).Contents).toEqual([entry]);
  expect(listObjectsV2(state, { Bucket: 'b', FetchOwner: true }).Contents).toEqual([{ ...entry, ...owner }]);
  expect(listObjects(state, { Bucket: 'b' }).Contents).toEqual([{ ...entry, ...owner }]);
});

test('ListObjects names the next marker only with a delimiter', () => {
  const state = bucketOf(['a/1', 'a/2', 'b'].map((key) => version(key)));
  expect(listObjects(state, { Bucket: 'b', MaxKeys: 1 })).toMatchObject({ IsTruncated: true });
  expect(listObjects(state, { Bucket: 'b', MaxKeys: 1 })).not.toHaveProperty('NextMarker');
  const page = listObjects(state, { Bucket: 'b', MaxKeys: 1, Delimiter: '/' });
  expect(page).toMatchObject({ IsTruncated: true, NextMarker: 'a/', CommonPrefixes: [{ Prefix: 'a/' }] });
  const next = listObjects(state, { Bucket: 'b', MaxKeys: 1, Delimiter: '/', Marker: 'a/' });
  expect(next.Contents?.map(({ Key }) => Key)).toEqual(['b']);
});

test('a continuation token leads on, and outweighs StartAfter', () => {
  const state = bucketOf(['a', 'b', 'c', 'd'].map((key) => version(key)));
  const first = listObjectsV2(state, { Bucket: 'b', MaxKeys: 2, StartAfter: 'a' });
  expect(first).toMatchObject({ KeyCount: 2, IsTruncated: true, StartAfter: 'a' });
  const token = first.NextContinuationToken ?? '';
  const rest = listObjectsV2(state, { Bucket: 'b', ContinuationToken: token, StartAfter: 'a' });
  expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['d']);
  expect(rest.ContinuationToken).toBe(token);
  expect(rest).not.toHaveProperty('StartAfter');
  expect(rest).not.toHaveProperty('NextContinuationToken');
});

test('a token that no page has handed out is refused', () => {
  const state = bucketOf([]);
  for (const ContinuationToken of ['', 'nonsense', 'bm9uc2Vuc2UgYW5kIG1vcmU=']) {
    expect(refusal(() => listObjectsV2(state, { Bucket: 'b', ContinuationToken }))).toMatchObject({
      code: 'InvalidArgument',
      message: 'The continuation token provided is incorrect',
      members: { ArgumentName: 'continuation-token' },
    });
  }
});

test('MaxKeys is at most 1000 and never negative', () => {
  const state = bucketOf([version('a')]);
  expect(listObjectsV2(state, { Bucket: 'b', MaxKeys: 5000 }).MaxKeys).toBe(1000);
  expect(listObjectsV2(state, { Bucket: 'b', MaxKeys: 0 })).toMatchObject({
    KeyCount: 0,
    IsTruncated: false,
    MaxKeys: 0,
  });
  expect(refusal(() => listObjects(state, { Bucket: 'b', MaxKeys: -1 }))).toMatchObject({
    code: 'InvalidArgument',
    message: 'Argument maxKeys must be an integer between 0 and 2147483647',
    members: { ArgumentName: 'maxKeys', ArgumentValue: '-1' },
  });
});

test('with encoding type url every key, prefix, marker and delimiter is encoded', () => {
  const state = bucketOf([version('p q/a b'), version('p q/x%2Fy')]);
  expect(
    listObjects(state, {
      Bucket: 'b',
      Prefix: 'p q/',
      Delimiter: '%2F',
      Marker: 'p q',
      EncodingType: 'url',
      MaxKeys: 1,
    }),
  ).toMatchObject({
    Prefix: 'p+q/',
    Delimiter: '%252F',
    Marker: 'p+q',
    NextMarker: 'p+q/a+b',
    EncodingType: 'url',
    Contents: [{ Key: 'p+q/a+b' }],
  });
});

test('a key whose newest version is a delete marker is no object, but its versions are listed', () => {
  const state = bucketOf([
    version('a', { versionId: '1' }),
    version('a', { versionId: '2', deleteMarker: true }),
    version('b', { versionId: '3' }),
  ]);
  expect(listObjectsV2(state, { Bucket: 'b' }).Contents?.map(({ Key }) => Key)).toEqual(['b']);
  const all = listObjectVersions(state, { Bucket: 'b' });
  expect(all.Versions).toMatchObject([
    { Key: 'a', VersionId: '1', IsLatest: false },
    { Key: 'b', VersionId: '3', IsLatest: true },
  ]);
  expect(all.DeleteMarkers).toMatchObject([{ Key: 'a', VersionId: '2', IsLatest: true }]);
});

test('pages of versions go on within a key, also when the marked version is gone', () => {
  const [one = '', two = '', three = '', four = ''] = [1, 2, 3, 4].map(() => nextVersionId({ versioning: 'Enabled' }));
  const versions = [one, two, three].map((versionId) => version('a', { versionId }));
  const state = bucketOf([...versions, version('b', { versionId: four })]);
  const first = listObjectVersions(state, { Bucket: 'b', MaxKeys: 2 });
  expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'a', NextVersionIdMarker: two });
  const ids = (input: { KeyMarker: string; VersionIdMarker?: string }) =>
    listObjectVersions(state, { Bucket: 'b', ...input }).Versions?.map(({ VersionId }) => VersionId);
  expect(ids({ KeyMarker: 'a', VersionIdMarker: two })).toEqual([one, four]);
  expect(ids({ KeyMarker: 'a' })).toEqual([four]);
  state.buckets.get('b')?.objects.remove('a', two);
  expect(ids({ KeyMarker: 'a', VersionIdMarker: two })).toEqual([one, four]);
});

test('a page of versions that ends with a common prefix names no version', () => {
  const state = bucketOf([version('f/1', { versionId: '1' }), version('g', { versionId: '2' })]);
  const page = listObjectVersions(state, { Bucket: 'b', Delimiter: '/', MaxKeys: 1 });
  expect(page).toMatchObject({ IsTruncated: true, NextKeyMarker: 'f/', CommonPrefixes: [{ Prefix: 'f/' }] });
  expect(page).not.toHaveProperty('NextVersionIdMarker');
});

test('a version marker is the id of a version and needs a key marker', () => {
  expect(refusal(() => listObjectVersions(bucketOf([]), { Bucket: 'b', VersionIdMarker: '1' }))).toMatchObject({
    code: 'InvalidArgument',
    message: 'A version-id marker cannot be specified without a key marker.',
  });
  const madeUp = { Bucket: 'b', KeyMarker: 'a', VersionIdMarker: 'made-up' };
  expect(refusal(() => listObjectVersions(bucketOf([]), madeUp))).toMatchObject({
    code: 'InvalidArgument',
    message: 'Invalid version id specified',
  });
});

test('a bucket that is not there is refused', () => {
  for (const list of [listObjects, listObjectsV2, listObjectVersions]) {
    expect(refusal(() => list(bucketOf([]), { Bucket: 'missing' }))).toMatchObject({ code: 'NoSuchBucket' });
  }
});
