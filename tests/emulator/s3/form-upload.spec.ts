import { createHmac } from 'node:crypto';
import { GetObjectCommand, GetObjectTaggingCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { credentials } from '../credentials.ts';
import { expect, test as base } from './s3-test.ts';

type Fields = Readonly<Record<string, string>>;

interface Form {
  readonly fields: Fields;
  /** The policy's conditions besides the bucket's and those that the fields be as they are. */
  readonly conditions?: readonly unknown[];
  /** Milliseconds since the Unix epoch. */
  readonly expiration?: number;
}

/** The fields of a signed form; a key with a variable is left to the conditions. */
function signed(bucket: string, { fields, conditions = [], expiration = Date.now() + 60_000 }: Form): Fields {
  const day = '20261121';
  const all: Record<string, string> = {
    ...fields,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${credentials.accessKeyId}/${day}/us-east-1/s3/aws4_request`,
    'x-amz-date': `${day}T000000Z`,
  };
  const fixed = Object.entries(all).filter(([, value]) => !value.includes('${'));
  const document = {
    expiration: new Date(expiration).toISOString(),
    conditions: [{ bucket }, ...conditions, ...fixed.map(([name, value]) => ['eq', `$${name}`, value])],
  };
  const policy = Buffer.from(JSON.stringify(document)).toString('base64');
  const key = [day, 'us-east-1', 's3', 'aws4_request'].reduce<Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  return { ...all, policy, 'x-amz-signature': createHmac('sha256', key).update(policy).digest('hex') };
}

/** `post` sends fields and a file `photo.txt` to the bucket. */
const test = base.extend<{
  post: (fields: Fields, content?: string | Buffer) => Promise<Response>;
  keys: () => Promise<(string | undefined)[]>;
}>({
  post: async ({ emulator, bucket }, use) => {
    await use((fields, content = 'content') => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      body.append('file', new Blob([content]), 'photo.txt');
      return fetch(`${emulator.endpoint}/${bucket}`, { method: 'POST', body, redirect: 'manual' });
    });
  },
  keys: async ({ s3, bucket: Bucket }, use) => {
    await use(async () => (await s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key) ?? []);
  },
});

const message = async (answer: Response): Promise<string> =>
  /<Code>(.*?)<\/Code><Message>(.*?)<\/Message>/s
    .exec(await answer.text())
    ?.slice(1)
    .join(': ') ?? '';

test('a signed form stores its file, with all that its fields say', async ({ s3, bucket: Bucket, post }) => {
  const fields = {
    key: 'photos/${filename}',
    'Content-Type': 'text/plain',
    'x-amz-meta-Author': 'me',
    tagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>',
  };
  const answer = await post(signed(Bucket, { fields, conditions: [['starts-with', '$key', 'photos/']] }));
  expect(answer.status).toBe(204);
  expect(answer.headers.get('etag')).toBe('"9a0364b9e99bb480dd25e1f0284c8555"');
  expect(answer.headers.get('location')).toMatch(`/${Bucket}/photos%2Fphoto.txt`);
  const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'photos/photo.txt' }));
  expect(object).toMatchObject({ ContentType: 'text/plain', Metadata: { author: 'me' } });
  expect(await object.Body?.transformToString()).toBe('content');
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'photos/photo.txt' }));
  expect(TagSet).toEqual([{ Key: 'a', Value: '1' }]);
});

test('a field that is called like a part of every object says nothing', async ({ s3, bucket: Bucket, post }) => {
  for (const name of ['constructor', '__proto__']) {
    const fields = Object.fromEntries([
      ['key', name],
      [name, 'x'],
    ]);
    expect((await post(signed(Bucket, { fields, conditions: [['eq', `$${name}`, 'x']] }))).status, name).toBe(204);
    expect((await s3.send(new GetObjectCommand({ Bucket, Key: name }))).Metadata, name).toEqual({});
  }
});

test('a file of several megabytes arrives whole', async ({ s3, bucket: Bucket, post }) => {
  const content = Buffer.alloc(3_000_000, 'photo');
  expect((await post(signed(Bucket, { fields: { key: 'large' } }), content)).status).toBe(204);
  const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'large' }));
  expect(Buffer.from((await object.Body?.transformToByteArray()) ?? []).equals(content)).toBe(true);
});

test('the form says what it wants to hear', async ({ bucket, post }) => {
  const send = (fields: Fields) => post(signed(bucket, { fields: { key: 'a/b', ...fields } }));
  const ok = await send({ success_action_status: '200' });
  expect([ok.status, await ok.text()]).toEqual([200, '']);
  const created = await send({ success_action_status: '201' });
  expect(created.status).toBe(201);
  const text = await created.text();
  expect(text).toContain(`<Bucket>${bucket}</Bucket><Key>a/b</Key><ETag>`);
  expect(text).toContain(`<PostResponse><Location>${created.headers.get('location')}</Location>`);
  expect((await send({ success_action_status: '418' })).status).toBe(204);
  const redirected = await send({ success_action_redirect: 'http://example.com/done?a=1' });
  expect(redirected.status).toBe(303);
  expect(redirected.headers.get('location')).toBe(
    `http://example.com/done?a=1&bucket=${bucket}&key=a%2Fb&etag=%229a0364b9e99bb480dd25e1f0284c8555%22`,
  );
  expect((await send({ success_action_redirect: '/relative' })).status).toBe(204);
});

test('a condition that fails, a field without one and an expired policy are refused', async ({
  bucket,
  post,
  keys,
}) => {
  const fields = { key: 'a' };
  const send = async (form: Partial<Form>, more: Fields = {}) => {
    const answer = await post({ ...signed(bucket, { fields, ...form }), ...more });
    return [answer.status, await message(answer)];
  };
  const policy = 'AccessDenied: Invalid according to Policy:';
  expect(await send({ conditions: [['starts-with', '$key', 'b/']] })).toEqual([
    403,
    `${policy} Policy Condition failed: ["starts-with", "$key", "b/"]`.replaceAll('"', '&quot;'),
  ]);
  expect(await send({ conditions: [{ acl: 'private' }] })).toEqual([
    403,
    `${policy} Policy Condition failed: ["eq", "$acl", "private"]`.replaceAll('"', '&quot;'),
  ]);
  expect(await send({}, { 'x-amz-meta-Extra': '1' })).toEqual([403, `${policy} Extra input fields: x-amz-meta-Extra`]);
  expect(await send({ expiration: Date.now() - 1000 })).toEqual([403, `${policy} Policy expired.`]);
  expect(await send({ conditions: [{ a: '1', b: '2' }] })).toEqual([
    400,
    'InvalidPolicyDocument: Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.',
  ]);
  expect(await send({}, { 'x-ignore-me': '1' })).toEqual([204, '']);
  expect(await keys()).toEqual(['a']);
});

test('the size of the file stays within its range, bounds included', async ({ bucket, post, keys }) => {
  const send = (length: number, range: readonly unknown[] = [5, 10]) => {
    const conditions = [['content-length-range', ...range]];
    return post(signed(bucket, { fields: { key: `k${length}` }, conditions }), 'x'.repeat(length));
  };
  const large = await send(12);
  expect(large.status).toBe(400);
  expect(await large.text()).toContain(
    '<Code>EntityTooLarge</Code><Message>Your proposed upload exceeds the maximum allowed size</Message><ProposedSize>12</ProposedSize><MaxSizeAllowed>10</MaxSizeAllowed>',
  );
  const small = await send(1);
  expect(small.status).toBe(400);
  expect(await small.text()).toContain('<ProposedSize>1</ProposedSize><MinSizeAllowed>5</MinSizeAllowed>');
  expect((await send(5)).status).toBe(204);
  expect((await send(10, ['5', '10'])).status).toBe(204);
  expect((await send(6, ['test', '10'])).status).toBe(403);
  expect((await send(2_000_000)).status).toBe(400);
  expect(await keys()).toEqual(['k10', 'k5']);
});

test('a signature must be there, whole, and of the policy as sent', async ({ bucket, post, keys }) => {
  const form = signed(bucket, { fields: { key: 'a' } });
  const wrong = await post({ ...form, 'x-amz-signature': 'f'.repeat(64) });
  expect(wrong.status).toBe(403);
  const text = await wrong.text();
  expect(text).toContain('<Code>SignatureDoesNotMatch</Code>');
  expect(text).toContain(`<StringToSign>${form['policy']}</StringToSign>`);
  const cut = await post({ ...form, policy: form['policy']?.slice(0, -2) ?? '' });
  expect(await message(cut)).toContain('SignatureDoesNotMatch');
  const { 'x-amz-signature': _signature, ...unsigned } = form;
  expect(await message(await post(unsigned))).toBe(
    "InvalidArgument: Bucket POST must contain a field named 'X-Amz-Signature'.  If it is specified, please check the order of the fields.",
  );
  expect(await message(await post({ key: 'a' }))).toBe('AccessDenied: Access Denied');
  const foreign = { ...form, 'x-amz-credential': 'AKIANOBODY/20261121/us-east-1/s3/aws4_request' };
  expect(await message(await post(foreign))).toContain('InvalidAccessKeyId');
  expect(await keys()).toEqual([]);
});

test('forms signed with version 2, as old clients do, are taken', async ({ bucket, post, keys }) => {
  const document = {
    expiration: new Date(Date.now() + 60_000).toISOString(),
    conditions: [{ bucket }, { key: 'old' }],
  };
  const policy = Buffer.from(JSON.stringify(document)).toString('base64');
  const signature = createHmac('sha1', credentials.secretAccessKey).update(policy).digest('base64');
  const answer = await post({ key: 'old', AWSAccessKeyId: credentials.accessKeyId, policy, signature });
  expect(answer.status).toBe(204);
  expect(await keys()).toEqual(['old']);
});

test('what is no form with one file and a key is refused', async ({ emulator, bucket, post, keys }) => {
  const url = `${emulator.endpoint}/${bucket}`;
  const plain = await fetch(url, { method: 'POST', body: 'a=1', headers: { 'content-type': 'text/html' } });
  expect(plain.status).toBe(412);
  expect(await plain.text()).toContain(
    '<Condition>Bucket POST must be of the enclosure-type multipart/form-data</Condition>',
  );
  expect(await message(await post(signed(bucket, { fields: {} })))).toBe(
    "InvalidArgument: Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
  );
  const fileless = new FormData();
  fileless.append('key', 'a');
  expect(await message(await fetch(url, { method: 'POST', body: fileless }))).toBe(
    'InvalidArgument: POST requires exactly one file upload per request.',
  );
  expect(await message(await post({ key: 'a', policy: 'x'.repeat(30_000) }))).toContain('MaxPostPreDataLengthExceeded');
  expect(await keys()).toEqual([]);
});

test('a form that ends within its file stores nothing', async ({ emulator, bucket, keys }) => {
  const parts = Object.entries(signed(bucket, { fields: { key: 'cut' } })).map(
    ([name, value]) => `--B\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n\r\n${value}\r\n`,
  );
  const send = (end: string) =>
    fetch(`${emulator.endpoint}/${bucket}`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=B' },
      body: `${parts.join('')}--B\r\nContent-Disposition: form-data; name="file"\r\n\r\ncontent${end}`,
    });
  const cut = await send('');
  expect([cut.status, await message(cut)]).toEqual([
    400,
    'MalformedPOSTRequest: The body of your POST request is not well-formed multipart/form-data.',
  ]);
  expect(await keys()).toEqual([]);
  expect((await send('\r\n--B--\r\n')).status).toBe(204);
  expect(await keys()).toEqual(['cut']);
});

test('without signature checks a bare form is taken, and a policy must fit all the same', async ({ startAnother }) => {
  const { endpoint } = await startAnother({ verifySignatures: false });
  await fetch(`${endpoint}/anybody`, { method: 'PUT' });
  const post = (fields: Fields) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    body.append('file', new Blob(['content']), 'photo.txt');
    return fetch(`${endpoint}/anybody`, { method: 'POST', body });
  };
  expect((await post({ key: 'a' })).status).toBe(204);
  const expired = signed('anybody', { fields: { key: 'b' }, expiration: Date.now() - 1000 });
  expect((await post(expired)).status).toBe(403);
  expect(await (await fetch(`${endpoint}/anybody/a`)).text()).toBe('content');
});
