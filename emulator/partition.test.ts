import { expect, test } from '@playwright/test';
import { createCredentialStore } from './credentials.ts';
import { manualClock } from './clock.ts';
import { partitionOf } from './partition.ts';

for (const [region, partition] of [
  ['eu-central-1', 'aws'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['us-isof-south-1', 'aws-iso-f'],
  ['eusc-de-east-1', 'aws-eusc'],
  ['mars-north-1', 'aws'],
] as const) {
  test(`${region} is of the partition ${partition}`, () => {
    expect(partitionOf(region)).toBe(partition);
  });
}

test("the account's user is of its region's partition", () => {
  const keys = { accessKeyId: 'test', secretAccessKey: 'test' };
  const { root } = createCredentialStore('123456789012', keys, manualClock(), 'cn-north-1');
  expect(root.caller.arn).toBe('arn:aws-cn:iam::123456789012:user/testbed');
});
