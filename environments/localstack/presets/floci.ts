import { type Preset, tellsOfServices } from './preset.ts';

/** https://floci.io/ */
export const floci: Preset = {
  name: 'floci',
  title: 'Floci',
  repository: 'floci/floci',
  tag: '2.3.0',
  port: 4566,
  protocol: 'http',
  environment: {},
  health: { path: '/_floci/health', isReady: tellsOfServices },
  native: [],
  ecsCapabilities: [],
  checksPlacement: false,
  offers: 'S3, DynamoDB, STS and CloudWatch Logs in a small native image that starts in moments.',
  limits: 'What its own ECS does has not been seen: ours stands in for it, unless LOCALSTACK_ECS=native.',
  licence: 'MIT.',
  verification: { unverified: '2026-11-21' },
};
