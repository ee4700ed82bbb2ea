import type { NetworkConfiguration } from '@aws-sdk/client-ecs';

/** The network of an environment as the systems under test are given it. */
export function networkOf(environment: {
  readonly network: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] };
}): NetworkConfiguration {
  return {
    awsvpcConfiguration: {
      subnets: [...environment.network.subnets],
      securityGroups: [...environment.network.securityGroups],
      assignPublicIp: 'ENABLED',
    },
  };
}
