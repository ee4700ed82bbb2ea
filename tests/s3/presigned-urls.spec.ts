import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['s3'] });

test('whoever has a presigned URL can get the object, and nothing else', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'shared/report.txt' };
  await aws.s3.send(new PutObjectCommand({ ...object, Body: 'for your eyes' }));
  const url = await getSignedUrl(aws.s3, new GetObjectCommand(object), { expiresIn: 60 });

  const got = await fetch(url);
  expect([got.status, await got.text()]).toEqual([200, 'for your eyes']);

  const another = await fetch(url.replace('report.txt', 'secret.txt'));
  expect(another.status).toBe(403);
  expect(await another.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
  const put = await fetch(url, { method: 'PUT', body: 'mine now' });
  expect(put.status).toBe(403);
});

test('a presigned URL can override what the answer says of the object', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'data.csv' };
  await aws.s3.send(new PutObjectCommand({ ...object, Body: 'a,b' }));
  const download = new GetObjectCommand({
    ...object,
    ResponseContentDisposition: 'attachment; filename="numbers.csv"',
    ResponseContentType: 'text/csv',
  });
  const got = await fetch(await getSignedUrl(aws.s3, download, { expiresIn: 60 }));
  expect(got.headers.get('content-disposition')).toBe('attachment; filename="numbers.csv"');
  expect(got.headers.get('content-type')).toBe('text/csv');
});

test('a presigned URL takes an upload of the type that it was made for', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'uploads/photo.jpg' };
  const upload = new PutObjectCommand({ ...object, ContentType: 'image/jpeg' });
  const url = await getSignedUrl(aws.s3, upload, { expiresIn: 60, signableHeaders: new Set(['content-type']) });
  const put = async (type: string) =>
    (await fetch(url, { method: 'PUT', body: 'a photo', headers: { 'content-type': type } })).status;

  expect(await put('text/html')).toBe(403);
  expect(await put('image/jpeg')).toBe(200);
  const got = await aws.s3.send(new GetObjectCommand(object));
  expect([await got.Body?.transformToString(), got.ContentType]).toEqual(['a photo', 'image/jpeg']);
});
