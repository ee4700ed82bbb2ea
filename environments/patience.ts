import type { EnvironmentName } from './settings.ts';

/** By how much every deadline of an environment is multiplied: 1 where containers start in moments. */
export const patience: Readonly<Record<EnvironmentName, number>> = {
  local: 1,
  localstack: 4,
  'real-aws': 10,
};
