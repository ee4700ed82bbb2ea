import {
  CreateBucketCommand,
  type CreateBucketRequest,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  paginateListBuckets,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { send, signInHeader } from '../auth/wire-request.ts';
import { account, credentials } from '../credentials.ts';
import { expect, test as base } from './s3-test.ts';

/** `ireland` is a client of eu-west-1; `make` makes buckets that are deleted behind the test. */
const test = base.extend<{ make: (input: CreateBucketRequest) => Promise<string> }, { ireland: S3Client }>({
  ireland: [
    async ({ connection }, use) => {
      const client = new S3Client({ ...connection, region: 'eu-west-1' });
      await use(client);
      client.destroy();
    },
    { scope: 'worker' },
  ],
  make: async ({ s3, ireland }, use) => {
    const made = new Set<string>();
    await use(async (input) => {
      await s3.send(new CreateBucketCommand(input));
      made.add(input.Bucket ?? '');
      return input.Bucket ?? '';
    });
    for (const Bucket of made) {
      const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
      await (LocationConstraint ? ireland : s3).send(new DeleteBucketCommand({ Bucket }));
    }
  },
});

for (const name of [
  'ab',
  'a'.repeat(64),
  'Upper',
  'under_score',
  '-begins',
  'ends-',
  'two..dots',
  '192.168.5.4',
  'xn--punycode',
  'sthree-reserved',
  'amzn-s3-demo-reserved',
  'reserved-s3alias',
  'reserved--ol-s3',
]) {
  test(`a bucket cannot be named ${name}`, async ({ s3 }) => {
    await expect(s3.send(new CreateBucketCommand({ Bucket: name }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
      message: 'The specified bucket is not valid.',
      BucketName: name,
      $metadata: { httpStatusCode: 400 },
    });
  });
}

test('a bucket of us-east-1 has no location constraint, and making it again is no error there', async ({
  s3,
  bucket,
}) => {
  const again = await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  expect(again).toMatchObject({ Location: `/${bucket}`, BucketArn: `arn:aws:s3:::${bucket}` });
  expect((await s3.send(new GetBucketLocationCommand({ Bucket: bucket }))).LocationConstraint).toBeUndefined();
  expect(await s3.send(new HeadBucketCommand({ Bucket: bucket }))).toMatchObject({ BucketRegion: 'us-east-1' });
});

test('a client of us-east-1 makes buckets anywhere, EU being Ireland', async ({ s3, ireland, make, uniqueName }) => {
  const Bucket = await make({ Bucket: uniqueName, CreateBucketConfiguration: { LocationConstraint: 'EU' } });
  expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('EU');
  expect(await ireland.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'eu-west-1' });
  const again = ireland.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  await expect(again).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou', $metadata: { httpStatusCode: 409 } });
});

test('a location must be one, and the one of the endpoint', async ({ s3, ireland, uniqueName: Bucket }) => {
  const at = (client: S3Client, location?: string) =>
    client.send(
      new CreateBucketCommand({
        Bucket,
        ...(location !== undefined && { CreateBucketConfiguration: { LocationConstraint: location as 'EU' } }),
      }),
    );
  const invalid = { name: 'InvalidLocationConstraint', message: 'The specified location-constraint is not valid' };
  await expect(at(s3, 'us-east-1')).rejects.toMatchObject({ ...invalid, LocationConstraint: 'us-east-1' });
  await expect(at(s3, 'moon-east-1')).rejects.toMatchObject(invalid);
  const illegal = (which: string) => ({
    name: 'IllegalLocationConstraintException',
    message: `The ${which} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  });
  await expect(at(ireland, 'us-west-2')).rejects.toMatchObject(illegal('us-west-2'));
  await expect(at(ireland, 'us-east-1')).rejects.toMatchObject(illegal('us-east-1'));
  await expect(at(ireland, 'moon-east-1')).rejects.toMatchObject(illegal('moon-east-1'));
  await expect(at(s3, '')).rejects.toMatchObject({ name: 'MalformedXML' });
});

test('a configuration that names no location makes a bucket where it was sent to', async ({ s3, make, uniqueName }) => {
  const Bucket = await make({ Bucket: uniqueName, CreateBucketConfiguration: {} });
  const head = await s3.send(new HeadBucketCommand({ Bucket }));
  expect(head.BucketRegion).toBe('us-east-1');
});

test('HeadBucket says of what type its missing body is', async ({ emulator, bucket }) => {
  const { host } = new URL(emulator.endpoint);
  const request = { method: 'HEAD', path: `/${bucket}`, query: {}, headers: {}, body: '' };
  const signed = await signInHeader(request, { ...credentials, service: 's3' }, host);
  const answer = await send(emulator.endpoint, signed);
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/xml' } });
});

test('a region other than us-east-1 wants to be named', async ({ startAnother }) => {
  const { endpoint } = await startAnother({ verifySignatures: false, region: 'eu-west-1' });
  // The SDK would name it by itself.
  const answer = await fetch(`${endpoint}/unspecified`, { method: 'PUT' });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain(
    '<Code>IllegalLocationConstraintException</Code><Message>The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.</Message>',
  );
});

test('a bucket in another region redirects, and an SDK that follows gets there', async ({
  s3,
  connection,
  make,
  uniqueName,
}) => {
  const Bucket = await make({ Bucket: uniqueName, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
  await expect(s3.send(new ListObjectVersionsCommand({ Bucket }))).rejects.toMatchObject({
    name: 'PermanentRedirect',
    Bucket,
    Endpoint: `${Bucket}.s3.eu-west-1.amazonaws.com`,
    $metadata: { httpStatusCode: 301 },
    $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
  });
  const following = new S3Client({ ...connection, followRegionRedirects: true });
  expect(await following.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'eu-west-1' });
  following.destroy();
});

test('without signatures a bucket is reached from any region', async ({ startAnother }) => {
  const { endpoint } = await startAnother({ verifySignatures: false });
  const client = (region: string) =>
    new S3Client({ endpoint, region, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
  const [virginia, tokyo] = [client('us-east-1'), client('ap-northeast-1')];
  await virginia.send(new CreateBucketCommand({ Bucket: 'anywhere' }));
  expect(await tokyo.send(new HeadBucketCommand({ Bucket: 'anywhere' }))).toMatchObject({ BucketRegion: 'us-east-1' });
  virginia.destroy();
  tokyo.destroy();
});

test('a bucket can be made with tags', async ({ s3, make, uniqueName }) => {
  const Tags = [{ Key: 'team', Value: 'storage' }];
  const Bucket = await make({ Bucket: uniqueName, CreateBucketConfiguration: { Tags } });
  expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(Tags);
});

test('a bucket with object lock has versions from the start', async ({ s3, make, uniqueName }) => {
  const Bucket = await make({ Bucket: uniqueName, ObjectLockEnabledForBucket: true });
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  const suspend = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } });
  await expect(s3.send(suspend)).rejects.toMatchObject({
    name: 'InvalidBucketState',
    $metadata: { httpStatusCode: 409 },
  });
});

test('new buckets take no ACLs but the private one, and no public one ever', async ({
  s3,
  make,
  uniqueName: Bucket,
}) => {
  await expect(s3.send(new CreateBucketCommand({ Bucket, ACL: 'public-read' }))).rejects.toMatchObject({
    name: 'InvalidBucketAclWithObjectOwnership',
  });
  const unknown = new CreateBucketCommand({ Bucket, ObjectOwnership: 'Nobody' as 'ObjectWriter' });
  await expect(s3.send(unknown)).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: 'Invalid x-amz-object-ownership header: Nobody',
  });
  const open = new CreateBucketCommand({ Bucket, ACL: 'public-read', ObjectOwnership: 'ObjectWriter' });
  await expect(s3.send(open)).rejects.toMatchObject({ name: 'InvalidBucketAclWithBlockPublicAccessError' });
  await make({ Bucket, ACL: 'private' });
});

test('a missing bucket is a 404 without body for HeadBucket, and an error for the others', async ({
  s3,
  uniqueName: Bucket,
}) => {
  await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NotFound',
    $metadata: { httpStatusCode: 404 },
  });
  await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
    message: 'The specified bucket does not exist',
    BucketName: Bucket,
  });
});

test('the expected owner is checked before anything is done', async ({ s3, bucket: Bucket }) => {
  await s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: account }));
  const put = (ExpectedBucketOwner: string) =>
    s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a', ExpectedBucketOwner }));
  await expect(put('111122223333')).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  await expect(put('me')).rejects.toMatchObject({ name: 'InvalidBucketOwnerAWSAccountID' });
  expect((await s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toBeUndefined();
});

test('a bucket with an object, an old version or a delete marker is not deleted', async ({ s3, bucket: Bucket }) => {
  const deleteBucket = () => s3.send(new DeleteBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }));
  const refusal = {
    name: 'BucketNotEmpty',
    message: 'The bucket you tried to delete is not empty',
    BucketName: Bucket,
  };
  await expect(deleteBucket()).rejects.toMatchObject({ ...refusal, $metadata: { httpStatusCode: 409 } });
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  const versions = 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
  await expect(deleteBucket()).rejects.toMatchObject({ name: 'BucketNotEmpty', message: versions });
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: 'null' }));
  await expect(deleteBucket()).rejects.toMatchObject({ name: 'BucketNotEmpty', message: versions });
});

test('buckets are listed by name, page by page, by prefix and by region', async ({ s3, make, uniqueName }) => {
  const names = ['c', 'a', 'b'].map((end) => `${uniqueName}-${end}`);
  for (const Bucket of names) {
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
    await make({ Bucket, ...(Bucket.endsWith('-b') && { CreateBucketConfiguration }) });
  }
  const all = await s3.send(new ListBucketsCommand({}));
  expect(all.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
  const own = all.Buckets?.filter(({ Name }) => Name?.startsWith(uniqueName)) ?? [];
  expect(own.map(({ Name }) => Name)).toEqual(names.toSorted());
  // Regions are told as soon as anything is asked for.
  expect(own[0]?.BucketRegion).toBeUndefined();
  const pages: (string | undefined)[][] = [];
  for await (const page of paginateListBuckets({ client: s3, pageSize: 2 }, { Prefix: uniqueName })) {
    expect(page.Prefix).toBe(uniqueName);
    pages.push(page.Buckets?.map(({ Name }) => Name?.slice(uniqueName.length)) ?? []);
  }
  expect(pages).toEqual([['-a', '-b'], ['-c']]);
  const irish = await s3.send(new ListBucketsCommand({ Prefix: uniqueName, BucketRegion: 'eu-west-1' }));
  expect(irish.Buckets).toMatchObject([{ Name: `${uniqueName}-b`, BucketRegion: 'eu-west-1' }]);
});

test('an ownership that is empty is none', async ({ emulator, uniqueName }) => {
  const headers = { 'x-amz-object-ownership': '' };
  const request = { method: 'PUT', path: `/${uniqueName}`, query: {}, headers, body: '' };
  const signed = await signInHeader(request, { ...credentials, service: 's3' }, new URL(emulator.endpoint).host);
  expect(await send(emulator.endpoint, signed)).toMatchObject({
    status: 400,
    code: 'InvalidArgument',
    message: expect.stringMatching(/^Invalid x-amz-object-ownership header:/),
  });
});
