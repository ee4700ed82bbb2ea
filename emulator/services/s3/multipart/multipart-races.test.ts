import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { expect, test } from '@playwright/test';
import { manualClock } from '../../../clock.ts';
import type { RequestContext } from '../../../service.ts';
import { createBodyStore, type BodyStore, type StoredBody } from '../bodies/body-store.ts';
import { createKeyIndex } from '../objects/key-index.ts';
import type { BucketRecord, S3State } from '../state.ts';
import { abortMultipartUpload } from './abort-upload.ts';
import { completeMultipartUpload } from './complete-upload.ts';
import { createMultipartUpload } from './create-upload.ts';
import { uploadPart } from './upload-part.ts';

/** A store that knows which of its bodies nobody holds any more. */
function watchedBodies() {
  const store = createBodyStore({ runId: 'multipart-races' });
  const holders: { count: number }[] = [];
  const watch = (body: StoredBody): StoredBody => {
    const held = { count: 1 };
    holders.push(held);
    return {
      ...body,
      retain() {
        held.count += 1;
        body.retain();
      },
      release() {
        held.count -= 1;
        body.release();
      },
    };
  };
  const bodies: BodyStore = {
    ...store,
    async receive(...request) {
      const received = await store.receive(...request);
      return { ...received, body: watch(received.body) };
    },
  };
  return { bodies, held: () => holders.map(({ count }) => count) };
}

function begin() {
  const { bodies, held } = watchedBodies();
  const bucket = {
    name: 'b',
    region: 'us-east-1',
    versioning: 'Disabled',
    objects: createKeyIndex(),
    uploads: new Map(),
    configuration: {},
  } as unknown as BucketRecord;
  const state = {
    region: 'us-east-1',
    account: '000000000000',
    clock: manualClock(),
    buckets: new Map([['b', bucket]]),
    bodies,
  } as unknown as S3State;
  const context: RequestContext = {
    account: '000000000000',
    region: 'us-east-1',
    requestId: 'request',
    caller: { accessKeyId: 'key', arn: 'arn:aws:iam::000000000000:root', userId: '000000000000' },
    request: { method: 'PUT', path: '/b/a', query: '', headers: { host: 'localhost', 'content-length': '4' } },
  };
  const { UploadId } = createMultipartUpload(state, { Bucket: 'b', Key: 'a' }, context);
  const upload = { Bucket: 'b', Key: 'a', UploadId };
  const put = (PartNumber: number, Body: unknown) =>
    uploadPart(state, { ...upload, PartNumber, Body } as Parameters<typeof uploadPart>[1], context);
  const complete = (Parts: { PartNumber: number; ETag: string }[]) =>
    completeMultipartUpload(state, { ...upload, MultipartUpload: { Parts } }, context);
  return { state, bucket, upload, put, complete, held };
}

const tagOf = (text: string): string => createHash('md5').update(text).digest('hex');

test('a part that arrives after its upload was aborted is refused and freed', async () => {
  const { state, upload, put, held } = begin();
  const body = new PassThrough();
  const arriving = put(1, body);
  body.write('da');
  abortMultipartUpload(state, upload);
  body.end('ta');
  await expect(arriving).rejects.toMatchObject({ code: 'NoSuchUpload' });
  expect(held()).toEqual([0]);
});

test('a part that arrives after its bucket was deleted is refused and freed', async () => {
  const { state, put, held } = begin();
  const body = new PassThrough();
  const arriving = put(1, body);
  state.buckets.clear();
  body.end('data');
  await expect(arriving).rejects.toMatchObject({ code: 'NoSuchBucket' });
  expect(held()).toEqual([0]);
});

test('a part that is replaced is freed, and so is one that the completion leaves out', async () => {
  const { bucket, put, complete, held } = begin();
  await put(1, Buffer.from('old1'));
  await put(1, Buffer.from('new1'));
  await put(2, Buffer.from('left'));
  await complete([{ PartNumber: 1, ETag: tagOf('new1') }]);
  expect(held()).toEqual([0, 1, 0]);
  bucket.objects.current('a')?.body.release();
  expect(held()).toEqual([0, 0, 0]);
});

test('of two completions at once one makes the object, and both are told of it', async () => {
  const { bucket, put, complete, held } = begin();
  await put(1, Buffer.from('data'));
  const parts = [{ PartNumber: 1, ETag: tagOf('data') }];
  const [one, other] = await Promise.all([complete(parts), complete(parts)]);
  expect(other).toEqual(one);
  expect(bucket.objects.versions('a')).toHaveLength(1);
  expect(bucket.uploads.size).toBe(0);
  expect(held()).toEqual([1]);
});

test('a refused completion frees nothing', async () => {
  const { bucket, put, complete, held } = begin();
  await put(1, Buffer.from('data'));
  await expect(complete([{ PartNumber: 1, ETag: 'other' }])).rejects.toMatchObject({ code: 'InvalidPart' });
  expect(held()).toEqual([1]);
  expect(bucket.uploads.size).toBe(1);
});
