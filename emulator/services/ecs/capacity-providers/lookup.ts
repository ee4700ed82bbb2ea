import type { CapacityProvider } from '@aws-sdk/client-ecs';
import { nameOf, parseArn } from '../arns.ts';
import type { EcsState } from '../state.ts';

/** The capacity providers that every account has; they are only associated with a cluster, never made. */
export const fargateProviders: readonly string[] = ['FARGATE', 'FARGATE_SPOT'];

/** The name in a reference to a capacity provider, which is a name or an ARN. */
export function providerName(reference: string): string {
  return parseArn(reference)?.resource === 'capacity-provider' ? nameOf(reference) : reference;
}

/** The Auto Scaling group providers, in the order of their creation; deleted ones are INACTIVE and not among them. */
export function activeProviders(state: Pick<EcsState, 'capacityProviders'>): CapacityProvider[] {
  return [...state.capacityProviders.values()].filter(({ status }) => status === 'ACTIVE');
}

/** Finds an Auto Scaling group provider by its name, unless it was deleted. */
export function activeProvider(state: Pick<EcsState, 'capacityProviders'>, name: string): CapacityProvider | undefined {
  const provider = state.capacityProviders.get(name);
  return provider?.status === 'ACTIVE' ? provider : undefined;
}

/** Whether a cluster could be associated with it: one of Fargate's, or one that was made and not deleted. */
export function providerExists(state: Pick<EcsState, 'capacityProviders'>, name: string): boolean {
  return fargateProviders.includes(name) || activeProvider(state, name) !== undefined;
}
