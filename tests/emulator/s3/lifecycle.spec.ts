import {
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, test as base } from './s3-test.ts';

const DAY = 86_400_000;

interface Action {
  readonly action: string;
  readonly key: string;
  readonly ruleId: string;
}

/** `rules` sets the bucket's rules; `run` applies them so many days from now and says what was done; `versions` are what is left. */
const test = base.extend<{
  rules: (...Rules: LifecycleRule[]) => Promise<unknown>;
  run: (days: number) => Promise<string[]>;
  versions: () => Promise<string[]>;
  versioned: () => Promise<unknown>;
  put: (Key: string, Body?: string, Tagging?: string) => Promise<unknown>;
}>({
  rules: async ({ s3, bucket: Bucket }, use) => {
    await use((...Rules) =>
      s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } })),
    );
  },
  run: async ({ emulator, bucket }, use) => {
    await use(async (days) => {
      const body = JSON.stringify({ bucket, now: Date.now() + days * DAY });
      const answer = await fetch(`${emulator.endpoint}/_testbed/s3/lifecycle`, { method: 'POST', body });
      expect(answer.status).toBe(200);
      const { actions } = (await answer.json()) as { readonly actions: readonly Action[] };
      return actions.map(({ action, key }) => `${action} ${key}`);
    });
  },
  versions: async ({ s3, bucket: Bucket }, use) => {
    await use(async () => {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      return [...Versions.map(({ Key }) => `version ${Key}`), ...DeleteMarkers.map(({ Key }) => `marker ${Key}`)];
    });
  },
  versioned: async ({ s3, bucket: Bucket }, use) => {
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await use(() => s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })));
  },
  put: async ({ s3, bucket: Bucket }, use) => {
    await use((Key, Body = 'content', Tagging) => s3.send(new PutObjectCommand({ Bucket, Key, Body, Tagging })));
  },
});

const rule = (change: Partial<LifecycleRule>): LifecycleRule => ({
  ID: 'rule',
  Status: 'Enabled',
  Filter: {},
  ...change,
});

test('rules are read back as they were set, with an id for those without', async ({ s3, bucket: Bucket, rules }) => {
  const get = () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
  const missing = { name: 'NoSuchLifecycleConfiguration', BucketName: Bucket, $metadata: { httpStatusCode: 404 } };
  await expect(get()).rejects.toMatchObject(missing);
  const first = rule({ Filter: { And: { Prefix: 'a/', Tags: [{ Key: 'k', Value: 'v' }] } }, Expiration: { Days: 3 } });
  const { ID: _id, ...second } = rule({ Expiration: { Date: new Date('2030-01-01T00:00:00Z') } });
  await rules(first, second);
  expect(await get()).toMatchObject({
    Rules: [first, { ...second, ID: expect.stringMatching(/./) }],
    TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
  });
  await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
  await expect(get()).rejects.toMatchObject(missing);
});

for (const [what, change, name] of [
  ['without an action', {}, 'InvalidRequest'],
  ['with neither filter nor prefix', { Filter: undefined, Expiration: { Days: 1 } }, 'MalformedXML'],
  ['with zero days', { Expiration: { Days: 0 } }, 'InvalidArgument'],
  ['with a time of day', { Expiration: { Date: new Date('2030-01-01T10:00:00Z') } }, 'InvalidArgument'],
  ['with days and delete markers', { Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } }, 'MalformedXML'],
  [
    'with two filters at once',
    { Filter: { Prefix: 'a', ObjectSizeLessThan: 1 }, Expiration: { Days: 1 } },
    'MalformedXML',
  ],
  ['that expires noncurrent versions never', { NoncurrentVersionExpiration: {} }, 'MalformedXML'],
  [
    'that moves noncurrent versions at no time',
    { NoncurrentVersionTransitions: [{ StorageClass: 'GLACIER' }] },
    'MalformedXML',
  ],
  [
    'that aborts uploads by tag',
    { Filter: { Tag: { Key: 'a', Value: 'b' } }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    'InvalidRequest',
  ],
] as const) {
  test(`a rule ${what} is refused`, async ({ rules }) => {
    await expect(rules(rule(change as Partial<LifecycleRule>))).rejects.toMatchObject({ name });
  });
}

const date = (day: number) => new Date(Date.UTC(2030, 0, day));

for (const { what, change, name = 'InvalidArgument', message } of [
  {
    what: 'that expires objects when they move',
    change: { Expiration: { Days: 30 }, Transitions: [{ Days: 30, StorageClass: 'GLACIER' }] },
    message: "'Days' in the Expiration action for filter '()' must be greater than 'Days' in the Transition action",
  },
  {
    what: 'that expires objects before the date at which they move',
    change: {
      Filter: { Prefix: 'a/' },
      Expiration: { Date: date(1) },
      Transitions: [{ Date: date(2), StorageClass: 'GLACIER' }],
    },
    message:
      "'Date' in the Expiration action for filter '(prefix=a/)' must be greater than 'Date' in the Transition action",
  },
  {
    what: 'that moves objects by days and by date',
    change: {
      Transitions: [
        { Days: 30, StorageClass: 'GLACIER' },
        { Date: date(1), StorageClass: 'DEEP_ARCHIVE' },
      ],
    },
    name: 'InvalidRequest',
    message: "Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for filter '()'",
  },
  {
    what: 'that moves objects by days and expires them by date',
    change: { Expiration: { Date: date(1) }, Transitions: [{ Days: 0, StorageClass: 'GLACIER' }] },
    name: 'InvalidRequest',
    message: "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for filter '()'",
  },
  {
    what: 'that moves objects up again',
    change: {
      Transitions: [
        { Days: 30, StorageClass: 'GLACIER' },
        { Days: 60, StorageClass: 'STANDARD_IA' },
      ],
    },
    message:
      "'Days' in the Transition action for StorageClass 'GLACIER' for filter '()' must be greater than 'Days' in the Transition action for StorageClass 'STANDARD_IA' for filter '()'",
  },
  {
    what: 'that moves objects to one class twice',
    change: {
      Transitions: [
        { Days: 30, StorageClass: 'GLACIER' },
        { Days: 60, StorageClass: 'GLACIER' },
      ],
    },
    name: 'InvalidRequest',
    message: "'StorageClass' must be different for 'Transition' actions in same 'Rule' with filter '()'",
  },
  {
    what: 'that expires noncurrent versions when they move',
    change: {
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      NoncurrentVersionTransitions: [{ NoncurrentDays: 30, StorageClass: 'GLACIER' }],
    },
    message:
      "'NoncurrentDays' in the NoncurrentVersionExpiration action for filter '()' must be greater than 'NoncurrentDays' in the NoncurrentVersionTransition action",
  },
] satisfies readonly { what: string; change: Partial<LifecycleRule>; name?: string; message: string }[]) {
  test(`a rule ${what} is refused`, async ({ rules }) => {
    await expect(rules(rule(change))).rejects.toMatchObject({ name, message });
  });
}

test('a rule moves objects down, then expires them', async ({ s3, bucket: Bucket, rules }) => {
  const Transitions = [
    { Days: 90, StorageClass: 'DEEP_ARCHIVE' as const },
    { Days: 30, StorageClass: 'STANDARD_IA' as const },
    { Days: 60, StorageClass: 'GLACIER' as const },
  ];
  await rules(rule({ Transitions, Expiration: { Days: 91 } }));
  const markers = { ID: 'markers', Expiration: { ExpiredObjectDeleteMarker: true } };
  await rules(rule({ ...markers, Transitions: [{ Date: date(1), StorageClass: 'GLACIER' }] }));
  const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
  expect(Rules, 'expiry of markers is at no time').toMatchObject([markers]);
});

test('two rules cannot have one id', async ({ rules }) => {
  const one = rule({ Expiration: { Days: 1 } });
  await expect(rules(one, one)).rejects.toMatchObject({ name: 'InvalidArgument' });
});

test('objects expire at the midnight after their days, by prefix, tags and size', async ({
  rules,
  run,
  put,
  versions,
}) => {
  await put('tmp/a');
  await put('keep/b');
  await put('keep/tagged', 'content', 'expire=yes');
  await put('keep/large', 'x'.repeat(100));
  await rules(
    rule({ ID: 'prefix', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } }),
    rule({ ID: 'tag', Filter: { Tag: { Key: 'expire', Value: 'yes' } }, Expiration: { Days: 1 } }),
    rule({ ID: 'size', Filter: { ObjectSizeGreaterThan: 99 }, Expiration: { Days: 1 } }),
    rule({ ID: 'off', Status: 'Disabled', Expiration: { Days: 1 } }),
  );
  expect(await run(0.9)).toEqual([]);
  expect(await run(2)).toEqual(['VersionDeleted tmp/a', 'VersionDeleted keep/tagged', 'VersionDeleted keep/large']);
  expect(await versions()).toEqual(['version keep/b']);
});

test('where there are versions, expiry makes a delete marker, then noncurrent versions go, then the marker', async ({
  versioned,
  rules,
  run,
  put,
  versions,
}) => {
  await versioned();
  await put('a');
  await rules(
    rule({ ID: 'current', Expiration: { Days: 1 } }),
    rule({ ID: 'noncurrent', NoncurrentVersionExpiration: { NoncurrentDays: 3 } }),
  );
  expect(await run(2)).toEqual(['DeleteMarkerCreated a']);
  expect(await run(2)).toEqual([]);
  expect(await versions()).toEqual(['version a', 'marker a']);
  // Three days after it became noncurrent, not after it was written.
  expect(await run(4.5)).toEqual([]);
  expect(await run(6)).toEqual(['VersionDeleted a']);
  expect(await run(6)).toEqual(['ExpiredDeleteMarkerDeleted a']);
  expect(await versions()).toEqual([]);
});

test('newer noncurrent versions are kept when a rule says how many', async ({
  versioned,
  rules,
  run,
  put,
  versions,
}) => {
  await versioned();
  for (const content of ['1', '2', '3', '4']) await put('a', content);
  await rules(rule({ NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } }));
  expect(await run(2)).toEqual(['VersionDeleted a']);
  expect(await versions()).toHaveLength(3);
});

test('a delete marker with nothing behind it goes by its own rule', async ({
  s3,
  bucket: Bucket,
  versioned,
  rules,
  run,
  put,
  versions,
}) => {
  await versioned();
  await put('covered');
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'covered' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'alone' }));
  await rules(rule({ Expiration: { ExpiredObjectDeleteMarker: true } }));
  expect(await run(0)).toEqual(['ExpiredDeleteMarkerDeleted alone']);
  expect(await versions()).toEqual(['version covered', 'marker covered']);
});

test('incomplete uploads are aborted', async ({ s3, bucket: Bucket, rules, run }) => {
  await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'tmp/a' }));
  await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'b' }));
  await rules(rule({ Filter: { Prefix: 'tmp/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } }));
  expect(await run(1)).toEqual([]);
  expect(await run(3)).toEqual(['UploadAborted tmp/a']);
  const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(Uploads?.map(({ Key }) => Key)).toEqual(['b']);
});

test('the control route says what is wrong with what it is sent', async ({ emulator }) => {
  const post = async (body: string) => {
    const answer = await fetch(`${emulator.endpoint}/_testbed/s3/lifecycle`, { method: 'POST', body });
    return [answer.status, ((await answer.json()) as { readonly message: string }).message];
  };
  expect(await post('{')).toEqual([400, 'the body is no JSON: send {"bucket"?: string, "now"?: string | number}']);
  expect(await post('{"now":"soon"}')).toEqual([400, 'now is no time: soon']);
  expect(await post('{"day":1}')).toEqual([400, "the body has an unknown member 'day': it may have bucket and now"]);
  expect(await post('{"bucket":"none-such"}')).toEqual([404, "there is no bucket 'none-such'"]);
});
