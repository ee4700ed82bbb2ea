import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  GetLogGroupFieldsCommand,
  ListLogGroupsCommand,
  type ListLogGroupsRequest,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  paginateDescribeLogGroups,
  PutLogGroupDeletionProtectionCommand,
  PutRetentionPolicyCommand,
  type TagFilter,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from '../emulator-test.ts';

/** The group of this name as DescribeLogGroups tells it. */
async function describeGroup(logs: CloudWatchLogsClient, name: string) {
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  return logGroups?.find((group) => group.logGroupName === name);
}

test("ARNs name the partition of the group's region", async ({ connection, uniqueName: logGroupName }) => {
  const region = 'cn-north-1';
  const logs = new CloudWatchLogsClient({ ...connection, region });
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const group = await describeGroup(logs, logGroupName);
  await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  logs.destroy();
  expect(group?.logGroupArn).toBe(`arn:aws-cn:logs:${region}:123456789012:log-group:${logGroupName}`);
});

test('a group is described with its defaults and both of its ARNs', async ({ logs, emulator, uniqueName }) => {
  const logGroupName = `/ecs/${uniqueName}`;
  const before = Date.now();
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const arn = `arn:aws:logs:${emulator.region}:${emulator.account}:log-group:${logGroupName}`;
  const group = await describeGroup(logs, logGroupName);
  expect(group).toEqual({
    arn: `${arn}:*`,
    creationTime: expect.any(Number),
    deletionProtectionEnabled: false,
    logGroupArn: arn,
    logGroupClass: 'STANDARD',
    logGroupName,
    metricFilterCount: 0,
    storedBytes: 0,
  });
  expect(group?.creationTime).toBeGreaterThanOrEqual(before);
});

test('a name of more than 512 characters is refused', async ({ logs }) => {
  await expect(logs.send(new CreateLogGroupCommand({ logGroupName: 'a'.repeat(513) }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Invalid LogGroup or LogStream, both must have length less than or equal to 512.',
  });
});

test('a second group of the same name is refused', async ({ logs, uniqueName }) => {
  const command = new CreateLogGroupCommand({ logGroupName: uniqueName });
  await logs.send(command);
  await expect(logs.send(command)).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
    message: 'The specified log group already exists',
    $metadata: { httpStatusCode: 400 },
  });
});

for (const [logGroupName, message] of [
  ['aws/spans', 'Log groups starting with AWS/ are reserved for AWS.'],
  ['with space', "Value 'with space' at 'logGroupName' failed to satisfy constraint"],
  ['', "Value '' at 'logGroupName' failed to satisfy constraint"],
] as const) {
  test(`the group name "${logGroupName}" is refused`, async ({ logs }) => {
    await expect(logs.send(new CreateLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });
}

test('a deleted group is gone, and cannot be deleted again', async ({ logs, uniqueName }) => {
  await logs.send(new CreateLogGroupCommand({ logGroupName: uniqueName }));
  await logs.send(new DeleteLogGroupCommand({ logGroupName: uniqueName }));
  expect(await describeGroup(logs, uniqueName)).toBeUndefined();
  await expect(logs.send(new DeleteLogGroupCommand({ logGroupName: uniqueName }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
});

test('deletion protection keeps a group until it is lifted', async ({ logs, uniqueName: logGroupName }) => {
  await logs.send(new CreateLogGroupCommand({ logGroupName, deletionProtectionEnabled: true }));
  await expect(logs.send(new DeleteLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await logs.send(
    new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: logGroupName, deletionProtectionEnabled: false }),
  );
  await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  expect(await describeGroup(logs, logGroupName)).toBeUndefined();
});

test('groups are listed in ASCII order, page by page', async ({ logs, uniqueName }) => {
  const suffixes = ['b', 'A', 'a', 'C', '/c'];
  for (const suffix of suffixes) {
    await logs.send(new CreateLogGroupCommand({ logGroupName: `${uniqueName}${suffix}` }));
  }
  const pages: (string | undefined)[][] = [];
  for await (const page of paginateDescribeLogGroups(
    { client: logs, pageSize: 2 },
    { logGroupNamePrefix: uniqueName },
  )) {
    pages.push(page.logGroups?.map((group) => group.logGroupName?.slice(uniqueName.length)) ?? []);
  }
  expect(pages).toEqual([['/c', 'A'], ['C', 'a'], ['b']]);
});

test('a pattern finds groups by any part of their name, and tells less of them', async ({
  logs,
  emulator,
  uniqueName,
}) => {
  await logs.send(new CreateLogGroupCommand({ logGroupName: `/a/${uniqueName}/b` }));
  const logGroupName = `/a/${uniqueName}/b`;
  const found = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: uniqueName.slice(2) }));
  expect(found.logGroups).toEqual([
    {
      arn: `arn:aws:logs:${emulator.region}:${emulator.account}:log-group:${logGroupName}:*`,
      creationTime: expect.any(Number),
      logGroupName,
    },
  ]);
  const none = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: uniqueName.toUpperCase() }));
  expect(none.logGroups).toEqual([]);
});

test('a prefix and a pattern exclude each other', async ({ logs }) => {
  const command = new DescribeLogGroupsCommand({ logGroupNamePattern: 'a', logGroupNamePrefix: 'a' });
  await expect(logs.send(command)).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
  });
});

test('groups are listed by class, and by names and ARNs', async ({ logs, emulator, uniqueName }) => {
  const [standard, infrequent] = [`${uniqueName}-standard`, `${uniqueName}-infrequent`];
  await logs.send(new CreateLogGroupCommand({ logGroupName: standard }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: infrequent, logGroupClass: 'INFREQUENT_ACCESS' }));
  const byClass = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: uniqueName, logGroupClass: 'INFREQUENT_ACCESS' }),
  );
  expect(byClass.logGroups?.map((group) => group.logGroupName)).toEqual([infrequent]);
  const arn = `arn:aws:logs:${emulator.region}:${emulator.account}:log-group:${infrequent}`;
  const byIdentifier = await logs.send(new DescribeLogGroupsCommand({ logGroupIdentifiers: [standard, arn] }));
  expect(byIdentifier.logGroups?.map((group) => group.logGroupName)).toEqual([infrequent, standard]);
  const listed = await logs.send(new ListLogGroupsCommand({ logGroupNamePattern: `^${uniqueName}` }));
  expect(listed.logGroups).toEqual([
    { logGroupName: infrequent, logGroupArn: arn, logGroupClass: 'INFREQUENT_ACCESS' },
    expect.objectContaining({ logGroupName: standard, logGroupClass: 'STANDARD' }),
  ]);
});

test('the two classes of less cost are described together', async ({ logs, uniqueName }) => {
  for (const logGroupClass of ['STANDARD', 'INFREQUENT_ACCESS', 'ESSENTIALS'] as const) {
    await logs.send(new CreateLogGroupCommand({ logGroupName: `${uniqueName}-${logGroupClass}`, logGroupClass }));
  }
  for (const logGroupClass of ['INFREQUENT_ACCESS', 'ESSENTIALS'] as const) {
    const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: uniqueName, logGroupClass });
    const { logGroups } = await logs.send(command);
    expect(logGroups?.map((group) => group.logGroupClass)).toEqual(['ESSENTIALS', 'INFREQUENT_ACCESS']);
  }
});

test('groups are listed by their tags', async ({ logs, uniqueName }) => {
  for (const [suffix, tags] of [
    ['a', { stage: 'prod', team: 'blue' }],
    ['b', { stage: 'Production' }],
    ['c', { stage: 'test', team: 'blue' }],
    ['d', { team: 'blue' }],
  ] as const) {
    await logs.send(new CreateLogGroupCommand({ logGroupName: `${uniqueName}-${suffix}`, tags }));
  }
  const listed = async (...logGroupTags: TagFilter[]) => {
    const command = new ListLogGroupsCommand({ logGroupNamePattern: `^${uniqueName}`, logGroupTags });
    return (await logs.send(command)).logGroups?.map(({ logGroupName }) => logGroupName?.at(-1)).join('');
  };
  expect(await listed({ key: 'stage' })).toBe('abc');
  expect(await listed({ key: 'stage', values: ['prod'] })).toBe('a');
  expect(await listed({ key: 'stage', values: ['prod', 'test'] })).toBe('ac');
  expect(await listed({ key: 'stage', values: ['PROD*'] })).toBe('ab');
  expect(await listed({ key: 'stage', values: ['!prod'] })).toBe('bc');
  expect(await listed({ key: 'stage', values: ['!prod*'] })).toBe('c');
  expect(await listed({ key: 'stage', values: ['prod*'] }, { key: 'team', values: ['blue'] })).toBe('a');
});

test('nothing is found in linked accounts, by data sources or by field indexes', async ({
  logs,
  emulator,
  uniqueName,
}) => {
  await logs.send(new CreateLogGroupCommand({ logGroupName: uniqueName }));
  const count = async (change: ListLogGroupsRequest) => {
    const command = new ListLogGroupsCommand({ logGroupNamePattern: uniqueName, ...change });
    return (await logs.send(command)).logGroups?.length;
  };
  expect(await count({ includeLinkedAccounts: true })).toBe(1);
  expect(await count({ includeLinkedAccounts: true, accountIdentifiers: [emulator.account] })).toBe(1);
  expect(await count({ includeLinkedAccounts: true, accountIdentifiers: ['999999999999'] })).toBe(0);
  expect(await count({ dataSources: [{ name: 'aws_ecs' }] })).toBe(0);
  expect(await count({ fieldIndexNames: ['requestId'] })).toBe(0);
  const linked = { logGroupNamePrefix: uniqueName, includeLinkedAccounts: true, accountIdentifiers: ['999999999999'] };
  expect((await logs.send(new DescribeLogGroupsCommand(linked))).logGroups).toEqual([]);
});

test('retention is set, described and lifted', async ({ logs, uniqueName: logGroupName }) => {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
  expect(await describeGroup(logs, logGroupName)).toMatchObject({ retentionInDays: 7 });
  await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
  expect(await describeGroup(logs, logGroupName)).not.toHaveProperty('retentionInDays');
});

test('retention takes only the days that AWS offers', async ({ logs, uniqueName: logGroupName }) => {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await expect(logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 2 }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining("Value '2' at 'retentionInDays' failed to satisfy constraint"),
  });
});

test('tags are the same by the new operations and the old ones', async ({ logs, uniqueName: logGroupName }) => {
  await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { env: 'test' } }));
  const resourceArn = (await describeGroup(logs, logGroupName))?.logGroupArn;
  const listed = async () => {
    const [byResource, byGroup] = await Promise.all([
      logs.send(new ListTagsForResourceCommand({ resourceArn })),
      logs.send(new ListTagsLogGroupCommand({ logGroupName })),
    ]);
    expect(byResource.tags).toEqual(byGroup.tags);
    return byResource.tags;
  };
  await logs.send(new TagResourceCommand({ resourceArn, tags: { one: '1', two: '2' } }));
  await logs.send(new TagLogGroupCommand({ logGroupName, tags: { two: 'two', three: '3' } }));
  expect(await listed()).toEqual({ env: 'test', one: '1', two: 'two', three: '3' });
  await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['env', 'one', 'absent'] }));
  await logs.send(new UntagLogGroupCommand({ logGroupName, tags: ['three'] }));
  expect(await listed()).toEqual({ two: 'two' });
});

test('a group takes no more than fifty tags', async ({ logs, uniqueName: logGroupName }) => {
  const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, 'value']));
  await logs.send(new CreateLogGroupCommand({ logGroupName, tags }));
  const resourceArn = (await describeGroup(logs, logGroupName))?.logGroupArn;
  await logs.send(new TagResourceCommand({ resourceArn, tags: { key0: 'changed' } }));
  await expect(logs.send(new TagResourceCommand({ resourceArn, tags: { more: '' } }))).rejects.toMatchObject({
    name: 'TooManyTagsException',
    resourceName: resourceArn,
  });
});

test('an operation that is not emulated is refused by name', async ({ logs }) => {
  await expect(logs.send(new GetLogGroupFieldsCommand({ logGroupName: 'any' }))).rejects.toMatchObject({
    message: expect.stringContaining('GetLogGroupFields'),
  });
});
