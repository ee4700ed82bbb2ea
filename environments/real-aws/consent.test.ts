import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test as base } from '@playwright/test';
import { askConsent } from './consent.ts';
import { foreignHosts } from './local-endpoints.ts';
import { parseAccountSettings } from './settings.ts';

/** An STS that says whose the credentials are, and keeps what it is asked. */
interface StsServer {
  readonly endpoint: string;
  readonly calls: readonly string[];
}

const callerIdentity = `
  <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:iam::123456789012:user/tester</Arn><UserId>AIDA</UserId><Account>123456789012</Account>
  </GetCallerIdentityResult></GetCallerIdentityResponse>`;

const test = base.extend<{ sts: StsServer; variables: NodeJS.ProcessEnv }>({
  sts: async ({}, use) => {
    const calls: string[] = [];
    const server = createServer((request, response) => {
      const answer = (body: string): void => {
        calls.push(`${request.method} ${request.url} ${body}`);
        response.writeHead(200, { 'content-type': 'text/xml' }).end(callerIdentity);
      };
      text(request).then(answer, () => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },

  // The SDK's own chain reads the variables of the process.
  variables: async ({ sts }, use, testInfo) => {
    const saved = { ...process.env };
    const nowhere = testInfo.outputPath('none');
    for (const name of Object.keys(process.env).filter((name) => name.startsWith('AWS_'))) delete process.env[name];
    Object.assign(process.env, {
      AWS_CONFIG_FILE: nowhere,
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
    });
    await use({
      REAL_AWS_CONFIRM: '123456789012',
      REAL_AWS_ALLOWED_ACCOUNTS: '123456789012,210987654321',
      REAL_AWS_REGION: 'eu-west-1',
      REAL_AWS_TEST_ENDPOINT: sts.endpoint,
    });
    process.env = saved;
  },
});

const ask = (variables: NodeJS.ProcessEnv) => askConsent(parseAccountSettings(variables), variables);

test('the account that is confirmed, allowed and that of the credentials may be used', async ({ variables, sts }) => {
  const { identity, settings, credentials } = await ask(variables);

  expect(identity).toBe('arn:aws:iam::123456789012:user/tester');
  expect(settings.account).toBe('123456789012');
  expect(await credentials()).toMatchObject({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE' });
  expect(sts.calls).toEqual(['POST / Action=GetCallerIdentity&Version=2011-06-15']);
});

for (const [what, change, message] of [
  ['nothing confirmed', { REAL_AWS_CONFIRM: '' }, 'REAL_AWS_CONFIRM is not set'],
  ['an account that is not allowed', { REAL_AWS_ALLOWED_ACCOUNTS: '210987654321' }, 'not in REAL_AWS_ALLOWED_ACCOUNTS'],
  ['no list of allowed accounts', { REAL_AWS_ALLOWED_ACCOUNTS: '' }, 'REAL_AWS_ALLOWED_ACCOUNTS is not set'],
  [
    'a local endpoint',
    { AWS_ENDPOINT_URL: 'http://localhost:4566' },
    'AWS_ENDPOINT_URL leads calls away from AWS: unset it.',
  ],
  [
    'local endpoints of services',
    { AWS_ENDPOINT_URL_S3: 'http://localhost:1', AWS_ENDPOINT_URL_ECS: 'http://localhost:2' },
    'AWS_ENDPOINT_URL_ECS and AWS_ENDPOINT_URL_S3 lead calls away from AWS: unset them.',
  ],
] as const) {
  test(`with ${what} the account is refused, and nobody is asked`, async ({ variables, sts }) => {
    await expect(ask({ ...variables, ...change })).rejects.toThrow(
      /^no AWS account is touched\. .* See docs\/real-aws\.md\.$/,
    );
    await expect(ask({ ...variables, ...change })).rejects.toThrow(message);
    expect(sts.calls).toEqual([]);
  });
}

test('credentials of another account are refused after one question to STS', async ({ variables, sts }) => {
  await expect(ask({ ...variables, REAL_AWS_CONFIRM: '210987654321' })).rejects.toThrow(
    'The credentials are those of account 123456789012 (arn:aws:iam::123456789012:user/tester), and REAL_AWS_CONFIRM is 210987654321',
  );
  expect(sts.calls).toHaveLength(1);
});

test('without credentials the refusal says where they are looked for', async ({ variables, sts }) => {
  delete process.env['AWS_ACCESS_KEY_ID'];
  await expect(ask(variables)).rejects.toThrow(/No credentials were found .*: set AWS_PROFILE, or AWS_ACCESS_KEY_ID/);
  expect(sts.calls).toEqual([]);
});

test('an STS that does not answer is told', async ({ variables }) => {
  await expect(ask({ ...variables, REAL_AWS_TEST_ENDPOINT: 'http://127.0.0.1:9' })).rejects.toThrow(
    /STS GetCallerIdentity did not say whose the credentials are \(.*ECONNREFUSED/,
  );
});

test('without a configuration every service is called at AWS', async ({ variables }) => {
  expect(variables).toHaveProperty('REAL_AWS_CONFIRM');
  expect(await foreignHosts('eu-west-1')).toEqual([]);
  expect(await foreignHosts('cn-north-1')).toEqual([]);
});

test('an endpoint_url in the shared config file is found, before anything is sent', async ({
  variables,
  sts,
}, testInfo) => {
  const file = testInfo.outputPath('config');
  await writeFile(
    file,
    `[default]\nregion = eu-west-1\nservices = mine\n[services mine]\ns3 =\n  endpoint_url = ${sts.endpoint}\n[profile all]\nendpoint_url = http://127.0.0.1:1\n`,
  );
  process.env['AWS_CONFIG_FILE'] = file;
  const { REAL_AWS_TEST_ENDPOINT: _endpoint, ...real } = variables;

  await expect(ask(real)).rejects.toThrow(
    'The SDK would not call AWS (s3 → 127.0.0.1): remove endpoint_url from the profile in the shared config file',
  );
  expect(sts.calls).toEqual([]);
});
