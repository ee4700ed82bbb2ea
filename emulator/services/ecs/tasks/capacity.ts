import type { CapacityProviderStrategyItem, Cluster, LaunchType } from '@aws-sdk/client-ecs';
import { AwsError } from '../../../service.ts';

/** Where one task runs. */
export interface Capacity {
  readonly launchType: LaunchType;
  readonly capacityProviderName?: string;
}

const FARGATE_PROVIDERS = ['FARGATE', 'FARGATE_SPOT'];

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
      refuse(
        'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
      );
    }
    if (launchType === 'MANAGED_INSTANCES') {
      refuse('The launch type MANAGED_INSTANCES is not supported here. Use a capacity provider strategy instead.');
    }
    return Array.from({ length: count }, () => ({ launchType }));
  }
  const strategy = capacityProviderStrategy?.length
    ? capacityProviderStrategy
    : (cluster.defaultCapacityProviderStrategy ?? []);
  if (strategy.length === 0) return Array.from({ length: count }, () => ({ launchType: 'EC2' }));
  validateStrategy(cluster, strategy);
  return distribute(strategy, count + offset)
    .slice(offset)
    .map((name) => ({
      launchType: FARGATE_PROVIDERS.includes(name) ? 'FARGATE' : 'EC2',
      capacityProviderName: name,
    }));
}

/** The rules of the API reference's CapacityProviderStrategyItem. */
function validateStrategy(cluster: Cluster, strategy: readonly CapacityProviderStrategyItem[]): void {
  const names = strategy.map(({ capacityProvider }) => capacityProvider ?? '');
  if (strategy.length > 20)
    refuse('The specified capacity provider strategy can contain at most 20 capacity providers.');
  if (names.some((name) => !cluster.capacityProviders?.includes(name))) {
    refuse(
      'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.',
    );
  }
  const fargate = names.filter((name) => FARGATE_PROVIDERS.includes(name)).length;
  if (fargate > 0 && fargate < names.length) {
    refuse(
      'The specified capacity provider strategy cannot contain both Fargate capacity providers and Auto Scaling group capacity providers.',
    );
  }
  if (strategy.filter(({ base }) => (base ?? 0) > 0).length > 1) {
    refuse('The specified capacity provider strategy can contain only one capacity provider with a base.');
  }
  if (strategy.length > 1 && strategy.every(({ weight }) => (weight ?? 0) === 0)) {
    refuse(
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

function refuse(message: string): never {
  throw new AwsError('InvalidParameterException', message);
}
