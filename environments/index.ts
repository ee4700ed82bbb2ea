import type { EnvironmentDefinition } from './environment.ts';
import { local } from './local/index.ts';
import { localstack } from './localstack/index.ts';
import { realAws } from './real-aws/index.ts';
import type { EnvironmentName } from './settings.ts';

export type * from './environment.ts';

/** Every environment there is, by name. A Playwright project of the same name runs the scenarios in it. */
export const environments: Readonly<Record<EnvironmentName, EnvironmentDefinition>> = {
  local,
  localstack,
  'real-aws': realAws,
};
