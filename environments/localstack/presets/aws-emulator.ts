import type { Preset } from './preset.ts';

/**
 * AWS's own emulator. It has no image in a registry; the guide's Dockerfile builds one, to be tagged
 * `aws-emulator`: https://docs.aws.amazon.com/emulator/latest/userguide/getting-started-docker.html
 */
export const awsEmulator: Preset = {
  name: 'aws-emulator',
  title: 'AWS Emulator',
  repository: 'aws-emulator',
  tag: 'latest',
  builtLocally: true,
  port: 9297,
  protocol: 'https',
  environment: {},
  // Any answer over TLS: the guide promises a health route, and does not say what it tells.
  health: { path: '/', isReady: () => true, anyStatus: true },
  generatedFiles: '/home/emulator/.aws/emulator/9297',
  native: [],
  ecsCapabilities: [],
  checksPlacement: false,
  offers: 'The services that AWS itself emulates, with signatures checked, over HTTPS.',
  limits: 'Its certificate and its keys are new with each start; which services it has is looked up.',
  licence: 'CC0-1.0 for its own code, Apache-2.0 for what it includes; it sends usage data unless told not to.',
  verification: { unverified: '2026-11-21' },
};
