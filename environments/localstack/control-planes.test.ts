import { expect, test } from '@playwright/test';
import { parseSettings } from '../settings.ts';
import { ownControlPlanes, standInServices } from './control-planes.ts';
import { localstack } from './presets/localstack.ts';
import { ministack } from './presets/ministack.ts';

test('ours stand in for what a server lacks', () => {
  const settings = parseSettings({});
  expect(ownControlPlanes(settings, localstack)).toEqual(['ecs', 'batch']);
  expect(ownControlPlanes(settings, ministack)).toEqual([]);
  expect(ownControlPlanes(settings, undefined), 'a server that somebody else started').toEqual([]);
});

test('LOCALSTACK_ECS and LOCALSTACK_BATCH have the last word', () => {
  const settings = parseSettings({ LOCALSTACK_ECS: 'testbed', LOCALSTACK_BATCH: 'native' });
  for (const preset of [localstack, ministack, undefined]) expect(ownControlPlanes(settings, preset)).toEqual(['ecs']);
});

test('logs come with the containers', () => {
  expect(standInServices(['ecs', 'batch'])).toEqual(['ecs', 'batch', 'logs', 'servicediscovery']);
  expect(standInServices(['batch'])).toEqual(['batch', 'logs']);
  expect(standInServices([])).toEqual([]);
});
