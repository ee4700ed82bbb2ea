import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
  type AssumeRoleCommandInput,
  type Credentials,
} from '@aws-sdk/client-sts';
import type { Emulator } from '../../../emulator/index.ts';
import { clientConfig, expect, test as base } from '../start-emulator.ts';

const test = base.extend<{ sts: STSClient; signedBy: (credentials: Credentials | undefined) => STSClient }>({
  sts: async ({ emulator }, use) => {
    const client = new STSClient(clientConfig(emulator));
    await use(client);
    client.destroy();
  },
  signedBy: async ({ emulator }, use) => {
    const clients: STSClient[] = [];
    await use((credentials) => {
      const client = clientSignedBy(emulator, credentials);
      clients.push(client);
      return client;
    });
    for (const client of clients) client.destroy();
  },
});

function clientSignedBy(emulator: Emulator, credentials: Credentials | undefined): STSClient {
  return new STSClient({
    ...clientConfig(emulator),
    credentials: {
      accessKeyId: credentials?.AccessKeyId ?? '',
      secretAccessKey: credentials?.SecretAccessKey ?? '',
      sessionToken: credentials?.SessionToken ?? '',
    },
  });
}

const roleArn = 'arn:aws:iam::123456789012:role/service/worker';

function assumeRole(change: Partial<AssumeRoleCommandInput> = {}): AssumeRoleCommand {
  return new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'a-session', ...change });
}

test('GetCallerIdentity tells the user whose key pair the emulator was started with', async ({ sts }) => {
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:user/testbed',
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
  });
});

test('AssumeRole issues credentials that sign as the session of the role', async ({ sts, signedBy }) => {
  const { Credentials, AssumedRoleUser } = await sts.send(assumeRole());
  expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(AssumedRoleUser).toEqual({
    // The role's path is no part of a session's ARN.
    Arn: 'arn:aws:sts::123456789012:assumed-role/worker/a-session',
    AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:a-session$/),
  });
  expect(await signedBy(Credentials).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '123456789012',
    Arn: AssumedRoleUser?.Arn,
    UserId: AssumedRoleUser?.AssumedRoleId,
  });
});

test('the session of a role is of the partition that the role is of', async ({ sts }) => {
  const RoleArn = 'arn:aws-cn:iam::123456789012:role/app/reader';
  const { AssumedRoleUser } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'job-1' }));
  expect(AssumedRoleUser?.Arn).toBe('arn:aws-cn:sts::123456789012:assumed-role/reader/job-1');
});

test('a role has the same id in each of its sessions', async ({ sts }) => {
  const roleId = async (session: string): Promise<string | undefined> =>
    (await sts.send(assumeRole({ RoleSessionName: session }))).AssumedRoleUser?.AssumedRoleId?.split(':')[0];
  expect(await roleId('one')).toBe(await roleId('two'));
});

for (const { seconds, expected } of [
  { seconds: undefined, expected: 3600 },
  { seconds: 900, expected: 900 },
  { seconds: 43_200, expected: 43_200 },
]) {
  test(`credentials of a role asked for ${seconds ?? 'no'} seconds last ${expected}`, async ({ sts }) => {
    const { Credentials } = await sts.send(assumeRole(seconds === undefined ? {} : { DurationSeconds: seconds }));
    const left = (Number(Credentials?.Expiration) - Date.now()) / 1000;
    expect(Math.abs(left - expected)).toBeLessThan(30);
  });
}

test('the source identity of a session comes back', async ({ sts }) => {
  expect(await sts.send(assumeRole({ SourceIdentity: 'somebody' }))).toMatchObject({ SourceIdentity: 'somebody' });
});

const refusals: { title: string; input: Partial<AssumeRoleCommandInput>; code: string; message: RegExp }[] = [
  {
    title: 'an ARN that is too short',
    input: { RoleArn: 'role' },
    code: 'ValidationError',
    message:
      /Value 'role' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20/,
  },
  {
    title: 'the ARN of a user',
    input: { RoleArn: 'arn:aws:iam::123456789012:user/someone' },
    code: 'ValidationError',
    message: /^arn:aws:iam::123456789012:user\/someone is invalid$/,
  },
  {
    title: 'a session name with a space',
    input: { RoleSessionName: 'a session' },
    code: 'ValidationError',
    message:
      /at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: \[\\w\+=,\.@-\]\*/,
  },
  {
    title: 'a session name of one character',
    input: { RoleSessionName: 'a' },
    code: 'ValidationError',
    message: /at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2/,
  },
  {
    title: 'less than a quarter of an hour',
    input: { DurationSeconds: 899 },
    code: 'ValidationError',
    message: /at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900/,
  },
  {
    title: 'more than twelve hours',
    input: { DurationSeconds: 43_201 },
    code: 'ValidationError',
    message: /at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200/,
  },
  {
    title: 'a session policy that is not JSON',
    input: { Policy: 'allow everything' },
    code: 'MalformedPolicyDocument',
    message: /invalid Json/,
  },
];

for (const { title, input, code, message } of refusals) {
  test(`AssumeRole refuses ${title}`, async ({ sts }) => {
    const call = sts.send(assumeRole(input));
    await expect(call).rejects.toMatchObject({ Code: code, $metadata: { httpStatusCode: 400 } });
    await expect(call).rejects.toThrow(message);
  });
}

test('a session that assumes a role again gets an hour at most', async ({ sts, signedBy }) => {
  const { Credentials } = await sts.send(assumeRole());
  const chained = signedBy(Credentials);
  await expect(chained.send(assumeRole({ DurationSeconds: 3601 }))).rejects.toThrow(
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
  );
  expect(await chained.send(assumeRole({ DurationSeconds: 3600 }))).toMatchObject({ Credentials: {} });
});

test('GetSessionToken issues credentials that sign as the same user, but not once more', async ({ sts, signedBy }) => {
  const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
  const session = signedBy(Credentials);
  const [mine, theirs] = await Promise.all([
    sts.send(new GetCallerIdentityCommand({})),
    session.send(new GetCallerIdentityCommand({})),
  ]);
  expect([theirs.Arn, theirs.UserId]).toEqual([mine.Arn, mine.UserId]);
  await expect(session.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
});

test('GetFederationToken issues credentials that sign as the federated user', async ({ sts, signedBy }) => {
  const command = new GetFederationTokenCommand({ Name: 'Bob', Policy: '{}', DurationSeconds: 900 });
  const { Credentials, FederatedUser } = await sts.send(command);
  expect(FederatedUser).toEqual({
    Arn: 'arn:aws:sts::123456789012:federated-user/Bob',
    FederatedUserId: '123456789012:Bob',
  });
  const lifetime = (Credentials?.Expiration?.getTime() ?? 0) - Date.now();
  expect(lifetime / 1000).toBeGreaterThan(840);
  expect(lifetime / 1000).toBeLessThanOrEqual(900);
  const session = signedBy(Credentials);
  expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn: FederatedUser?.Arn,
    UserId: FederatedUser?.FederatedUserId,
    Account: '123456789012',
  });
  await expect(session.send(command)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: 'Cannot call GetFederationToken with session credentials',
  });
});

test('GetFederationToken refuses a policy that is not JSON', async ({ sts }) => {
  await expect(sts.send(new GetFederationTokenCommand({ Name: 'Bob', Policy: '{' }))).rejects.toMatchObject({
    name: 'MalformedPolicyDocumentException',
  });
});

test('issued credentials do not work without their token', async ({ sts, signedBy }) => {
  const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
  const robbed = signedBy({ ...(Credentials as Credentials), SessionToken: 'another' });
  await expect(robbed.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});

test('issued credentials are gone after a reset', async ({ startAnother }) => {
  const emulator = await startAnother();
  const sts = new STSClient(clientConfig(emulator));
  const { Credentials } = await sts.send(assumeRole());
  const session = clientSignedBy(emulator, Credentials);
  await session.send(new GetCallerIdentityCommand({}));
  await emulator.reset();
  await expect(session.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '123456789012' });
  session.destroy();
  sts.destroy();
});

test('GetAccessKeyInfo tells the account of a key', async ({ sts }) => {
  const command = new GetAccessKeyInfoCommand({ AccessKeyId: 'AKIATESTBED123456789' });
  expect(await sts.send(command)).toMatchObject({ Account: '123456789012' });
});
