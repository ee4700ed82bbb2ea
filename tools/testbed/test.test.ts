import { expect, test } from '@playwright/test';
import { parseSettings } from '../../environments/settings.ts';
import { playwrightArguments } from './playwright.ts';
import { attachingVariables } from './test.ts';

const endpoint = 'http://127.0.0.1:4566';

test('a run on a kept LocalStack gets our ECS and Batch in front of it, as on a container of its own', () => {
  expect(attachingVariables('localstack/localstack:4.14.0', endpoint, parseSettings({}))).toEqual({
    LOCALSTACK_ENDPOINT: endpoint,
    LOCALSTACK_ECS: 'testbed',
    LOCALSTACK_BATCH: 'testbed',
  });
});

test('a server’s own ECS and Batch are used where it has them, unless somebody chose', () => {
  const image = 'ministackorg/ministack:1.5.33';
  expect(attachingVariables(image, endpoint, parseSettings({}))).toMatchObject({
    LOCALSTACK_ECS: 'native',
    LOCALSTACK_BATCH: 'native',
  });
  expect(attachingVariables(image, endpoint, parseSettings({ LOCALSTACK_ECS: 'testbed' }))).toMatchObject({
    LOCALSTACK_ECS: 'testbed',
    LOCALSTACK_BATCH: 'native',
  });
});

test('a server that looks for subnets and roles is not used where they would be missing', () => {
  expect(attachingVariables('motoserver/moto:5.2.5', endpoint, parseSettings({}))).toContain('subnets');
  expect(
    attachingVariables('motoserver/moto:5.2.5', endpoint, parseSettings({ LOCALSTACK_ECS: 'testbed' })),
  ).toMatchObject({ LOCALSTACK_ENDPOINT: endpoint });
});

test('what the user gives Playwright comes last, where it wins', () => {
  expect(playwrightArguments('local', { pattern: 'a|b', playwrightArguments: ['--workers=1'] })).toEqual([
    'test',
    '--project=local',
    '--grep=a|b',
    '--workers=1',
  ]);
});
