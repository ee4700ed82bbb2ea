import { expect, test } from '@playwright/test';
import { parseAccountSettings, parseRunSettings } from './settings.ts';

const complete = {
  REAL_AWS_CONFIRM: '123456789012',
  REAL_AWS_ALLOWED_ACCOUNTS: '210987654321, 123456789012',
  REAL_AWS_REGION: 'eu-west-1',
  REAL_AWS_SUBNETS: 'subnet-0a1b2c3d4e5f60718,subnet-0a1b2c3d',
  REAL_AWS_SECURITY_GROUPS: 'sg-0a1b2c3d4e5f60718',
  REAL_AWS_EXECUTION_ROLE_ARN: 'arn:aws:iam::123456789012:role/execution',
  REAL_AWS_TASK_ROLE_ARN: 'arn:aws:iam::123456789012:role/path/task',
};

test('what is complete is taken, with a budget of its own', () => {
  expect(parseRunSettings(complete)).toEqual({
    settings: {
      account: '123456789012',
      allowedAccounts: ['210987654321', '123456789012'],
      region: 'eu-west-1',
      partition: 'aws',
      budget: { tasks: 50, jobs: 50, minutes: 60 },
      testEndpoint: undefined,
      subnets: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d'],
      securityGroups: ['sg-0a1b2c3d4e5f60718'],
      executionRoleArn: complete.REAL_AWS_EXECUTION_ROLE_ARN,
      taskRoleArn: complete.REAL_AWS_TASK_ROLE_ARN,
      imageRegistry: undefined,
      batchComputeEnvironment: undefined,
    },
  });
});

test('with nothing set, every variable that is needed is named with what to set it to', () => {
  expect(parseRunSettings({ REAL_AWS_REGION: ' ' })).toEqual({
    problems: [
      'REAL_AWS_CONFIRM is not set: set it to the id of the account (12 digits) that the run may use.',
      'REAL_AWS_ALLOWED_ACCOUNTS is not set: set it to the ids of the accounts (12 digits each) that tests may ever use, separated by commas.',
      'REAL_AWS_REGION is not set: set it to the region, such as eu-west-1.',
      'REAL_AWS_SUBNETS is not set: set it to subnets that lead to the internet, such as subnet-0a1b2c3d4e5f60718, separated by commas.',
      'REAL_AWS_SECURITY_GROUPS is not set: set it to security groups, such as sg-0a1b2c3d4e5f60718, separated by commas.',
      'REAL_AWS_EXECUTION_ROLE_ARN is not set: set it to the ARN of a role that ecs-tasks.amazonaws.com may assume.',
      'REAL_AWS_TASK_ROLE_ARN is not set: set it to the ARN of a role that ecs-tasks.amazonaws.com may assume.',
    ],
  });
});

test('a sweep needs the account only', () => {
  const { REAL_AWS_CONFIRM, REAL_AWS_ALLOWED_ACCOUNTS, REAL_AWS_REGION } = complete;
  expect(parseAccountSettings({ REAL_AWS_CONFIRM, REAL_AWS_ALLOWED_ACCOUNTS, REAL_AWS_REGION })).toMatchObject({
    settings: { account: '123456789012' },
  });
});

for (const [variable, value, line] of [
  ['REAL_AWS_CONFIRM', 'yes', 'REAL_AWS_CONFIRM is "yes"; accepted: 12 digits.'],
  [
    'REAL_AWS_ALLOWED_ACCOUNTS',
    '210987654321',
    'REAL_AWS_CONFIRM is 123456789012, which is not in REAL_AWS_ALLOWED_ACCOUNTS (210987654321): add it there if tests may make and delete things in that account, or confirm another one.',
  ],
  [
    'REAL_AWS_SUBNETS',
    'vpc-1',
    'REAL_AWS_SUBNETS is "vpc-1"; accepted: subnets that lead to the internet, such as subnet-0a1b2c3d4e5f60718, separated by commas.',
  ],
  [
    'REAL_AWS_TASK_ROLE_ARN',
    'arn:aws:iam::999999999999:role/task',
    'REAL_AWS_TASK_ROLE_ARN is arn:aws:iam::999999999999:role/task, a role of another account: ARNs of this one begin with arn:aws:iam::123456789012:role/.',
  ],
  ['REAL_AWS_MAX_TASKS', '0', 'REAL_AWS_MAX_TASKS is "0"; accepted: a whole number from 1.'],
  [
    'REAL_AWS_TEST_ENDPOINT',
    'http://10.0.0.1:5000',
    'REAL_AWS_TEST_ENDPOINT is "http://10.0.0.1:5000"; accepted: an http:// URL of this machine (127.0.0.1, localhost or [::1]), for tests of the guards only.',
  ],
  [
    'REAL_AWS_IMAGE_REGISTRY',
    'https://registry',
    'REAL_AWS_IMAGE_REGISTRY is "https://registry"; accepted: a registry without a scheme, such as <account>.dkr.ecr.eu-west-1.amazonaws.com.',
  ],
] as const) {
  test(`${variable}=${value} is refused in one line`, () => {
    expect(parseRunSettings({ ...complete, [variable]: value })).toEqual({ problems: [line] });
  });
}

for (const endpoint of ['http://127.0.0.1:5000', 'http://localhost:5000/', 'http://[::1]:5000']) {
  test(`the test endpoint may be ${endpoint}`, () => {
    expect(parseRunSettings({ ...complete, REAL_AWS_TEST_ENDPOINT: endpoint })).toMatchObject({
      settings: { testEndpoint: endpoint },
    });
  });
}

for (const endpoint of [
  'http://127.0.0.1.example.com',
  'http://localhost@example.com',
  'file:///127.0.0.1',
  '127.0.0.1',
]) {
  test(`the test endpoint may not be ${endpoint}`, () => {
    expect(parseRunSettings({ ...complete, REAL_AWS_TEST_ENDPOINT: endpoint })).toHaveProperty('problems');
  });
}
