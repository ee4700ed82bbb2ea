import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from '../../fixtures/index.ts';

test.use({ requires: ['s3'] });

test('of many writers that want to be the first, one is', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'leader' };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, (_, writer) =>
      aws.s3.send(new PutObjectCommand({ ...object, Body: `writer ${writer}`, IfNoneMatch: '*' })),
    ),
  );

  const winners = outcomes.flatMap(({ status }, writer) => (status === 'fulfilled' ? [`writer ${writer}`] : []));
  expect(winners).toHaveLength(1);
  const got = await aws.s3.send(new GetObjectCommand(object));
  expect(await got.Body?.transformToString()).toBe(winners[0]);
  await expect(aws.s3.send(new PutObjectCommand({ ...object, Body: 'late', IfNoneMatch: '*' }))).toBeAwsError(
    'PreconditionFailed',
  );
});

test('a writer who has not seen the latest version is refused', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'document' };
  const { ETag: seen } = await aws.s3.send(new PutObjectCommand({ ...object, Body: 'version 1' }));
  const { ETag: latest } = await aws.s3.send(new PutObjectCommand({ ...object, Body: 'version 2', IfMatch: seen }));

  await expect(aws.s3.send(new PutObjectCommand({ ...object, Body: 'from version 1', IfMatch: seen }))).toBeAwsError(
    'PreconditionFailed',
  );
  expect((await aws.s3.send(new HeadObjectCommand(object))).ETag).toBe(latest);
});

test('a reader who has the object already gets Not Modified', async ({ aws, bucket }) => {
  const object = { Bucket: bucket.name, Key: 'cached' };
  const { ETag } = await aws.s3.send(new PutObjectCommand({ ...object, Body: 'unchanged' }));

  const again = aws.s3.send(new GetObjectCommand({ ...object, IfNoneMatch: ETag }));
  await expect(again).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  await expect(aws.s3.send(new GetObjectCommand({ ...object, IfMatch: '"another"' }))).toBeAwsError(
    'PreconditionFailed',
  );
});
