import {
  DeleteAccountSettingCommand,
  type ECSClient,
  ListAccountSettingsCommand,
  type ListAccountSettingsCommandInput,
  PutAccountSettingCommand,
  PutAccountSettingDefaultCommand,
  type SettingName,
} from '@aws-sdk/client-ecs';
import { expect, refusalOf, test } from './own-region-test.ts';

const root = 'arn:aws:iam::123456789012:root';
const user = 'arn:aws:iam::123456789012:user/testbed';
const other = 'arn:aws:iam::123456789012:role/other';

const list = async (client: ECSClient, input: ListAccountSettingsCommandInput = {}) =>
  (await client.send(new ListAccountSettingsCommand(input))).settings;

test('nothing is listed until it is set, unless the effective settings are asked for', async ({ client }) => {
  expect(await list(client)).toEqual([]);
  const first = await client.send(new ListAccountSettingsCommand({ effectiveSettings: true }));
  const second = await client.send(
    new ListAccountSettingsCommand({ effectiveSettings: true, nextToken: first.nextToken }),
  );
  expect(first.settings).toHaveLength(10);
  const values = Object.fromEntries(
    [...(first.settings ?? []), ...(second.settings ?? [])].map(({ name, value }) => [name, value]),
  );
  expect(values).toMatchObject({
    containerInsights: 'disabled',
    taskLongArnFormat: 'enabled',
    fargateTaskRetirementWaitPeriod: '7',
    defaultLogDriverMode: 'non-blocking',
    dualStackIPv6: 'enabled',
  });
});

test('a principal has its own setting, else the default of the account', async ({ client }) => {
  const name = 'containerInsights';
  const { setting: byDefault } = await client.send(new PutAccountSettingDefaultCommand({ name, value: 'enabled' }));
  expect(byDefault).toEqual({ name, value: 'enabled', principalArn: root, type: 'user' });
  const { setting: own } = await client.send(new PutAccountSettingCommand({ name, value: 'enhanced' }));
  expect(own).toEqual({ name, value: 'enhanced', principalArn: user, type: 'user' });

  expect(await list(client)).toEqual([own]);
  expect(await list(client, { principalArn: other })).toEqual([]);
  const effective = { effectiveSettings: true, name } as const;
  expect(await list(client, effective)).toEqual([own]);
  expect(await list(client, { ...effective, principalArn: other })).toEqual([
    { name, value: 'enabled', principalArn: other, type: 'user' },
  ]);

  const { setting: left } = await client.send(new DeleteAccountSettingCommand({ name }));
  expect(left?.value).toBe('enabled');
  expect(await list(client, effective)).toMatchObject([{ value: 'enabled', principalArn: user }]);
});

test('settings are listed by name and value', async ({ client }) => {
  await client.send(new PutAccountSettingCommand({ name: 'awsvpcTrunking', value: 'enabled' }));
  await client.send(new PutAccountSettingCommand({ name: 'fargateFIPSMode', value: 'enabled' }));
  expect(await list(client, { name: 'awsvpcTrunking' })).toHaveLength(1);
  expect(await list(client, { name: 'awsvpcTrunking', value: 'disabled' })).toEqual([]);
  expect((await refusalOf(list(client, { value: 'enabled' }))).name).toBe('InvalidParameterException');
});

for (const [name, value] of [
  ['containerInsights', 'sometimes'],
  ['awsvpcTrunking', 'enhanced'],
  ['fargateTaskRetirementWaitPeriod', '8'],
  ['defaultLogDriverMode', 'enabled'],
  ['guardDutyActivate', 'on'],
] as const) {
  test(`${name} cannot be '${value}'`, async ({ client }) => {
    const refusal = await refusalOf(client.send(new PutAccountSettingCommand({ name, value })));
    expect(refusal).toEqual({ name: 'InvalidParameterException', message: expect.stringContaining(name) });
    expect(await list(client)).toEqual([]);
  });
}

test('a name that there is not is refused with those that there are', async ({ client }) => {
  const name = 'unknown' as SettingName;
  for (const call of [
    client.send(new PutAccountSettingCommand({ name, value: 'enabled' })),
    client.send(new DeleteAccountSettingCommand({ name })),
    list(client, { name }),
  ]) {
    expect(await refusalOf(call)).toEqual({
      name: 'InvalidParameterException',
      message: expect.stringMatching(/^unknown should be one of \[.*containerInsights.*\]$/),
    });
  }
});

test('a principal is a user, a role or the root user', async ({ client }) => {
  const refusal = await refusalOf(
    client.send(
      new PutAccountSettingCommand({ name: 'containerInsights', value: 'enabled', principalArn: 'somebody' }),
    ),
  );
  expect(refusal.name).toBe('InvalidParameterException');
});
