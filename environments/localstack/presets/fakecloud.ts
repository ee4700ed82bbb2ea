import { isJson, type Preset } from './preset.ts';

/** https://fakecloud.dev/ */
export const fakecloud: Preset = {
  name: 'fakecloud',
  title: 'fakecloud',
  repository: 'ghcr.io/faiscadev/fakecloud',
  tag: '0.46.0',
  port: 4566,
  protocol: 'http',
  environment: {},
  health: { path: '/_fakecloud/health', isReady: isJson },
  native: [],
  ecsCapabilities: [],
  checksPlacement: false,
  offers: 'S3, DynamoDB, STS and CloudWatch Logs.',
  limits: 'What its own ECS does has not been seen: ours stands in for it, unless LOCALSTACK_ECS=native.',
  licence:
    'AGPL-3.0: to run it as a server of your tests is free; whoever offers a changed one to others owes them its source.',
  verification: { unverified: '2026-11-21' },
};
