import type { EnvironmentDefinition } from '../environment.ts';

const reason =
  'real-aws is not part of this version. It will need an account of its own, named in an allow-list together with ' +
  'a region, credentials for it, and a spending limit; until then run --project=local.';

/** An AWS account. Nothing stands in for it: without its guards it is not available. */
export const realAws: EnvironmentDefinition = {
  name: 'real-aws',
  probe: () => Promise.resolve({ available: false, reason }),
  start: () => Promise.reject(new Error(reason)),
};
