import type {
  AutoScalingGroupProvider,
  CapacityProvider,
  CreateCapacityProviderRequest,
  DeleteCapacityProviderRequest,
  DescribeCapacityProvidersRequest,
  Failure,
  ManagedScaling,
  UpdateCapacityProviderRequest,
} from '@aws-sdk/client-ecs';
import { AwsError, type Operation } from '../../../service.ts';
import { paginate } from '../pagination.ts';
import { capacityProviderArn } from '../arns.ts';
import { requireCluster } from '../clusters/lookup.ts';
import { client, invalidParameter, limitExceeded } from '../errors.ts';
import type { EcsState } from '../state.ts';
import { setTags, tagsOf, validateTags } from '../tags/rules.ts';
import { activeProvider, activeProviders, fargateProviders, providerName } from './lookup.ts';

/** Capacity providers: the two of Fargate, and those made for an Auto Scaling group. */
export const capacityProviderOperations = {
  CreateCapacityProvider: (state, input: CreateCapacityProviderRequest) => {
    const { name = '', autoScalingGroupProvider } = input;
    refuseManagedInstances(input.managedInstancesProvider);
    validateName(name);
    validateTags(input.tags);
    if (!autoScalingGroupProvider) {
      throw client('An Auto Scaling group provider must be specified for the capacity provider.');
    }
    if (activeProvider(state, name)) {
      throw client(
        'The specified capacity provider already exists. To change the configuration of an existing capacity provider, update the capacity provider.',
      );
    }
    const group = autoScalingGroupProvider.autoScalingGroupArn;
    if (!group) throw invalidParameter('autoScalingGroupArn cannot be empty.');
    const active = activeProviders(state);
    if (active.some((other) => other.autoScalingGroupProvider?.autoScalingGroupArn === group)) {
      throw client(
        'The specified Auto Scaling group ARN is already being used by another capacity provider. Specify a unique Auto Scaling group ARN and try again.',
      );
    }
    if (active.length >= 500) throw limitExceeded('The limit of 500 capacity providers is reached.');
    const provider: CapacityProvider = {
      capacityProviderArn: capacityProviderArn(state, name),
      name,
      status: 'ACTIVE',
      type: 'EC2_AUTOSCALING',
      autoScalingGroupProvider: settingsOf(autoScalingGroupProvider),
    };
    // A name that is used again lists as a new capacity provider.
    state.capacityProviders.delete(name);
    state.capacityProviders.set(name, provider);
    setTags(state, capacityProviderArn(state, name), input.tags);
    return { capacityProvider: describe(state, provider, true) };
  },

  DescribeCapacityProviders: (state, input: DescribeCapacityProvidersRequest) => {
    const identifiers = input.capacityProviders ?? [];
    // Deleted ones are found by name or ARN, as the AWS CLI's example of delete-capacity-provider has it.
    const made = identifiers.length === 0 ? activeProviders(state) : state.capacityProviders.values();
    const known = [...made, ...fargateProviders.map((name) => fargate(state, name))];
    const associated =
      input.cluster === undefined ? undefined : requireCluster(state, input.cluster).cluster.capacityProviders;
    const eligible = known.filter(({ name = '' }) => associated?.includes(name) ?? true);
    const withTags = input.include?.includes('TAGS') ?? false;
    if (identifiers.length > 100) throw invalidParameter('capacityProviders can have at most 100 items.');
    const failures: Failure[] = [];
    const found = identifiers.length === 0 ? eligible : lookUp(state, eligible, identifiers, failures);
    const { items, nextToken } = paginate(
      found.map((provider) => describe(state, provider, withTags)),
      input,
      // The API reference says 10 for a page; those that are asked for by name come at once.
      { maximum: 10, defaultSize: identifiers.length || 10 },
    );
    return { capacityProviders: items, failures, nextToken };
  },

  UpdateCapacityProvider: (state, input: UpdateCapacityProviderRequest) => {
    refuseManagedInstances(input.managedInstancesProvider);
    const provider = requireProvider(state, input.name ?? '');
    const update = input.autoScalingGroupProvider;
    if (!update) throw client('An Auto Scaling group provider must be specified for the capacity provider.');
    const current = provider.autoScalingGroupProvider;
    provider.autoScalingGroupProvider = settingsOf({
      autoScalingGroupArn: current?.autoScalingGroupArn,
      managedScaling: { ...current?.managedScaling, ...defined(update.managedScaling ?? {}) },
      managedTerminationProtection: update.managedTerminationProtection ?? current?.managedTerminationProtection,
      managedDraining: update.managedDraining ?? current?.managedDraining,
    });
    provider.updateStatus = 'UPDATE_COMPLETE';
    return { capacityProvider: describe(state, provider, true) };
  },

  DeleteCapacityProvider: (state, input: DeleteCapacityProviderRequest) => {
    const provider = requireProvider(state, input.capacityProvider ?? '');
    const { name = '' } = provider;
    const user = [...state.clusters.values()].find(({ cluster }) => cluster.capacityProviders?.includes(name));
    if (user) {
      throw client(
        `The capacity provider cannot be deleted because it is associated with cluster: ${user.cluster.clusterName}. Remove the capacity provider from the cluster and try again.`,
      );
    }
    const answer = describe(state, { ...provider, updateStatus: 'DELETE_IN_PROGRESS' }, true);
    // API reference, CapacityProvider: once it is deleted "it has an INACTIVE status".
    Object.assign(provider, { status: 'INACTIVE', updateStatus: 'DELETE_COMPLETE' });
    state.tags.delete(capacityProviderArn(state, name));
    return { capacityProvider: answer };
  },
} satisfies Record<string, Operation<EcsState>>;

function lookUp(
  state: EcsState,
  eligible: readonly CapacityProvider[],
  identifiers: readonly string[],
  failures: Failure[],
): CapacityProvider[] {
  return identifiers.flatMap((identifier) => {
    const name = providerName(identifier);
    const provider = eligible.find((candidate) => candidate.name === name);
    if (!provider) failures.push({ arn: capacityProviderArn(state, name), reason: 'MISSING' });
    return provider ?? [];
  });
}

function requireProvider(state: EcsState, identifier: string): CapacityProvider {
  const name = providerName(identifier);
  if (fargateProviders.includes(name)) {
    throw client(`The capacity provider ${name} is reserved and cannot be updated or deleted.`);
  }
  const provider = activeProvider(state, name);
  if (!provider) {
    throw client('The specified capacity provider does not exist. Specify a valid name or ARN and try again.');
  }
  return provider;
}

/** API reference, CreateCapacityProvider, `name`. */
function validateName(name: string): void {
  if (!/^[\w-]{1,255}$/.test(name) || /^(?:aws|ecs|fargate)/i.test(name)) {
    throw invalidParameter(
      'The specified capacity provider name is invalid. Up to 255 characters are allowed, including letters (upper and lowercase), numbers, underscores, and hyphens. The name cannot be prefixed with "aws", "ecs", or "fargate". Specify a valid name and try again.',
    );
  }
}

function refuseManagedInstances(configuration: object | undefined): void {
  if (!configuration) return;
  throw new AwsError(
    'UnsupportedFeatureException',
    'Amazon ECS Managed Instances are not available here. Use an Auto Scaling group capacity provider or Fargate.',
  );
}

/** With the defaults of the API reference, ManagedScaling and AutoScalingGroupProvider, and checked by its rules. */
function settingsOf(provider: AutoScalingGroupProvider): AutoScalingGroupProvider {
  const managedScaling: ManagedScaling = {
    status: 'DISABLED',
    targetCapacity: 100,
    minimumScalingStepSize: 1,
    maximumScalingStepSize: 10_000,
    instanceWarmupPeriod: 300,
    ...defined(provider.managedScaling ?? {}),
  };
  const { minimumScalingStepSize: least = 1, maximumScalingStepSize: most = 10_000 } = managedScaling;
  if (least > most) {
    throw invalidParameter('The minimum or maximum scaling step size value is invalid.');
  }
  if (provider.managedTerminationProtection === 'ENABLED' && managedScaling.status !== 'ENABLED') {
    throw invalidParameter(
      'The managed termination protection setting for the capacity provider is invalid. To use managed termination protection, managed scaling must also be enabled.',
    );
  }
  return {
    autoScalingGroupArn: provider.autoScalingGroupArn,
    managedScaling,
    managedTerminationProtection: provider.managedTerminationProtection ?? 'DISABLED',
    // Developer guide: "Managed instance draining is on by default when you create a capacity provider."
    managedDraining: provider.managedDraining ?? 'ENABLED',
  };
}

function defined<Type extends object>(members: Type): Partial<Type> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<Type>;
}

function fargate(state: EcsState, name: string): CapacityProvider {
  const type = name === 'FARGATE' ? 'FARGATE' : 'FARGATE_SPOT';
  return { capacityProviderArn: capacityProviderArn(state, name), name, status: 'ACTIVE', type };
}

function describe(state: EcsState, provider: CapacityProvider, withTags: boolean): CapacityProvider {
  return { ...provider, tags: withTags ? tagsOf(state, provider.capacityProviderArn ?? '') : [] };
}
