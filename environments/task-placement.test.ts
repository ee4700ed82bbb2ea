import { expect, test } from '@playwright/test';
import { local } from './local/index.ts';
import { placeholderPlacement } from './task-placement.ts';
import { parseSettings } from './settings.ts';

for (const [region, partition] of [
  ['us-east-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
] as const) {
  test(`the roles of ${region} are of the partition ${partition}`, () => {
    expect(placeholderPlacement({ account: '123456789012', region })).toMatchObject({
      partition,
      roles: {
        executionRoleArn: `arn:${partition}:iam::123456789012:role/testbed-execution`,
        taskRoleArn: `arn:${partition}:iam::123456789012:role/testbed-task`,
      },
    });
  });
}

test('local is in the partition of LOCAL_REGION', async () => {
  const settings = parseSettings({ LOCAL_REGION: 'cn-north-1', LOCAL_RUNTIME: 'process' });
  const environment = await local.start({ settings, runId: 'unit', parallelIndex: 0 });
  try {
    expect(environment).toMatchObject({
      partition: 'aws-cn',
      roles: { taskRoleArn: 'arn:aws-cn:iam::000000000000:role/testbed-task' },
    });
  } finally {
    await environment.stop();
  }
});
