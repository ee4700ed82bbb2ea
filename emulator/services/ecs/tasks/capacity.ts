import type { CapacityProviderStrategyItem, Cluster, LaunchType } from '@aws-sdk/client-ecs';
import { fargateProviders } from '../capacity-providers/lookup.ts';
import { validateStrategy } from '../capacity-providers/strategy.ts';
import { invalidParameter } from '../errors.ts';

/** Where one task runs. */
export interface Capacity {
  readonly launchType: LaunchType;
  readonly capacityProviderName?: string;
}

/**
 * Decides where each of `count` tasks runs: by the launch type asked for, else by the capacity provider
 * strategy, else by the cluster's default strategy, else on EC2.
 *
 * @param offset how many tasks the strategy has placed before, so that a service's tasks keep its weights
 * @throws AwsError InvalidParameterException when both are given or the strategy breaks its rules
 */
export function chooseCapacity(
  cluster: Cluster,
  request: {
    readonly launchType?: LaunchType | undefined;
    readonly capacityProviderStrategy?: readonly CapacityProviderStrategyItem[] | undefined;
  },
  count: number,
  offset = 0,
): Capacity[] {
  const { launchType, capacityProviderStrategy } = request;
  if (launchType !== undefined) {
    if (capacityProviderStrategy?.length) {
      throw invalidParameter(
        'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
      );
    }
    if (launchType === 'MANAGED_INSTANCES') {
      throw invalidParameter(
        'The launch type MANAGED_INSTANCES is not supported here. Use a capacity provider strategy instead.',
      );
    }
    return Array.from({ length: count }, () => ({ launchType }));
  }
  const strategy = capacityProviderStrategy?.length
    ? capacityProviderStrategy
    : (cluster.defaultCapacityProviderStrategy ?? []);
  if (strategy.length === 0) return Array.from({ length: count }, () => ({ launchType: 'EC2' }));
  validateStrategy(strategy, cluster.capacityProviders ?? []);
  refuseWeightless(strategy);
  return distribute(strategy, count + offset)
    .slice(offset)
    .map((name) => ({
      launchType: fargateProviders.includes(name) ? 'FARGATE' : 'EC2',
      capacityProviderName: name,
    }));
}

/** API reference, CapacityProviderStrategyItem: weights of 0 only are no error until tasks are to be placed. */
function refuseWeightless(strategy: readonly CapacityProviderStrategyItem[]): void {
  if (strategy.length > 1 && strategy.every(({ weight }) => (weight ?? 0) === 0)) {
    throw invalidParameter(
      'The specified capacity provider strategy must have at least one capacity provider with a weight greater than 0.',
    );
  }
}

/** The base first, then each next task to the provider that is furthest below its share by weight. */
function distribute(strategy: readonly CapacityProviderStrategyItem[], count: number): string[] {
  const based = strategy.find(({ base }) => (base ?? 0) > 0);
  const chosen = Array.from({ length: Math.min(count, based?.base ?? 0) }, () => based?.capacityProvider ?? '');
  // A lone provider may leave its weight out.
  const weighted = strategy.map((item) => ({
    name: item.capacityProvider ?? '',
    weight: strategy.length === 1 ? 1 : (item.weight ?? 0),
    placed: 0,
  }));
  const candidates = weighted.filter(({ weight }) => weight > 0);
  while (chosen.length < count) {
    const next = candidates.reduce((best, item) =>
      (item.placed + 1) / item.weight < (best.placed + 1) / best.weight ? item : best,
    );
    next.placed += 1;
    chosen.push(next.name);
  }
  return chosen;
}
