import type { CapacityProviderStrategyItem } from '@aws-sdk/client-ecs';
import { invalidParameter, resourceInUse } from '../errors.ts';
import type { EcsState } from '../state.ts';
import { fargateProviders, providerExists, providerName } from './lookup.ts';

/**
 * Reads the capacity providers to associate with a cluster.
 *
 * @param identifiers names or ARNs
 * @returns their names
 * @throws AwsError InvalidParameterException when there is no such provider, or one is there twice
 */
export function readProviders(state: EcsState, identifiers: readonly string[]): string[] {
  if (identifiers.length > 20) throw invalidParameter('capacityProviders can have at most 20 items.');
  const names: string[] = [];
  for (const identifier of identifiers) {
    const name = providerName(identifier);
    if (!providerExists(state, name)) {
      throw invalidParameter(
        'The specified capacity provider was not found. Specify a valid name or ARN and try again.',
      );
    }
    if (names.includes(name)) {
      throw invalidParameter(`The capacity provider ${name} is specified more than once. Remove one and try again.`);
    }
    names.push(name);
  }
  return names;
}

/**
 * Checks a strategy by the rules of the API reference, CapacityProviderStrategyItem.
 *
 * @param associated the capacity providers of the cluster
 * @throws AwsError InvalidParameterException when it breaks one
 */
export function validateStrategy(
  strategy: readonly CapacityProviderStrategyItem[],
  associated: readonly string[],
): void {
  const names = strategy.map(({ capacityProvider = '' }) => capacityProvider);
  if (strategy.length > 20) {
    throw invalidParameter('A capacity provider strategy can contain a maximum of 20 capacity providers.');
  }
  if (names.some((name) => !associated.includes(name))) {
    throw invalidParameter(
      'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.',
    );
  }
  if (new Set(names).size < names.length) {
    throw invalidParameter(
      'The specified capacity provider strategy cannot contain a capacity provider more than once. Remove one and try again.',
    );
  }
  const fargate = names.filter((name) => fargateProviders.includes(name)).length;
  if (fargate > 0 && fargate < names.length) {
    throw invalidParameter(
      'A capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling groups and Fargate providers. Specify one or the other and try again.',
    );
  }
  if (strategy.filter(({ base = 0 }) => base > 0).length > 1) {
    throw invalidParameter(
      'The specified capacity provider strategy contains multiple capacity providers with a base value defined. Only one capacity provider per strategy can have a base value defined.',
    );
  }
}

/** Weight and base are 0 unless given; ECS always answers with both. */
export function withWeightAndBase(item: CapacityProviderStrategyItem): CapacityProviderStrategyItem {
  return { capacityProvider: item.capacityProvider, weight: item.weight ?? 0, base: item.base ?? 0 };
}

/**
 * Refuses to take capacity providers away from a cluster while its tasks or services use them.
 *
 * @throws AwsError ResourceInUseException
 */
export function refuseProvidersInUse(state: EcsState, clusterArn: string, names: readonly string[]): void {
  const usedByTask = [...state.tasks.values()].some(
    ({ task, isOrphaned }) =>
      !isOrphaned &&
      task.clusterArn === clusterArn &&
      task.lastStatus !== 'STOPPED' &&
      names.includes(task.capacityProviderName ?? ''),
  );
  const usedByService = [...state.services.values()].some(
    ({ service }) =>
      service.clusterArn === clusterArn &&
      service.status !== 'INACTIVE' &&
      service.capacityProviderStrategy?.some(({ capacityProvider = '' }) => names.includes(capacityProvider)),
  );
  if (usedByTask || usedByService) {
    throw resourceInUse('The specified capacity provider is in use and cannot be removed.');
  }
}
