import { isDeepStrictEqual } from 'node:util';
import type {
  Cluster,
  CreateClusterRequest,
  DeleteClusterRequest,
  DescribeClustersRequest,
  Failure,
  ListClustersRequest,
  PutClusterCapacityProvidersRequest,
  UpdateClusterRequest,
  UpdateClusterSettingsRequest,
} from '@aws-sdk/client-ecs';
import type { Operation, RequestContext } from '../../service.ts';
import { paginate } from '../pagination.ts';
import { effectiveSetting, principalOf } from './account-settings.ts';
import { clusterArn, parseArn } from './arns.ts';
import { refuseProvidersInUse, readProviders, validateStrategy, withDefaults } from './capacity-provider-strategy.ts';
import {
  readServiceConnectDefaults,
  readSettings,
  validateConfiguration,
  withLoggingDefault,
} from './clusters/configuration.ts';
import { describeCluster, answerFields } from './clusters/description.ts';
import { addContainerInstances } from './container-instances/registration.ts';
import {
  clusterContainsContainerInstances,
  clusterContainsServices,
  clusterContainsTasks,
  clusterNotFound,
  invalidParameter,
} from './errors.ts';
import type { ClusterRecord, EcsState } from './state.ts';
import { setTags, validateTags } from './tags.ts';

const NAME = /^[\w-]{1,255}$/;

/** CreateCluster to DeleteCluster, and what is set on a cluster in between. */
export const clusterOperations = {
  CreateCluster: (state, input: CreateClusterRequest, context) => {
    const name = input.clusterName ?? 'default';
    validateName(name);
    validateTags(input.tags);
    const wanted = readCluster(state, name, input, context);
    const existing = state.clusters.get(name);
    if (existing && existing.cluster.status !== 'INACTIVE') {
      refuseInconsistent(existing.cluster, input, wanted);
      return { cluster: describeCluster(state, existing, answerFields) };
    }
    const record: ClusterRecord = { cluster: wanted };
    // A name that is used again lists as a new cluster.
    state.clusters.delete(name);
    state.clusters.set(name, record);
    setTags(state, wanted.clusterArn, input.tags);
    addContainerInstances(state, { cluster: name, count: state.dependencies.containerInstances ?? 0 });
    return { cluster: describeCluster(state, record, answerFields) };
  },

  DescribeClusters: (state, input: DescribeClustersRequest) => {
    const identifiers = input.clusters?.length ? input.clusters : ['default'];
    if (identifiers.length > 100) throw invalidParameter('clusters can have at most 100 items.');
    const clusters: Cluster[] = [];
    const failures: Failure[] = [];
    for (const identifier of identifiers) {
      const name = ownClusterName(state, identifier);
      const record = name === undefined ? undefined : state.clusters.get(name);
      if (record) clusters.push(describeCluster(state, record, input.include ?? []));
      else failures.push({ arn: name === undefined ? identifier : clusterArn(state, name), reason: 'MISSING' });
    }
    return { clusters, failures };
  },

  ListClusters: (state, input: ListClustersRequest) => {
    const arns = [...state.clusters.values()]
      .filter(({ cluster }) => cluster.status !== 'INACTIVE')
      .map(({ cluster }) => cluster.clusterArn);
    const { items, nextToken } = paginate(arns, input, { maximum: 100 });
    return { clusterArns: items, nextToken };
  },

  UpdateCluster: (state, input: UpdateClusterRequest) => {
    const record = requireCluster(state, input.cluster);
    const { settings, configuration, serviceConnectDefaults } = input;
    if (configuration) validateConfiguration(configuration);
    const namespace = serviceConnectDefaults && readServiceConnectDefaults(state, serviceConnectDefaults);
    const read = settings && readSettings(settings, insightsOf(record));
    if (read) record.cluster.settings = read;
    if (configuration) record.cluster.configuration = withLoggingDefault(configuration);
    if (namespace) record.cluster.serviceConnectDefaults = namespace;
    else if (serviceConnectDefaults) delete record.cluster.serviceConnectDefaults;
    return { cluster: describeCluster(state, record, answerFields) };
  },

  UpdateClusterSettings: (state, input: UpdateClusterSettingsRequest) => {
    const record = requireCluster(state, input.cluster);
    if (!input.settings?.length) throw invalidParameter('Settings cannot be empty.');
    record.cluster.settings = readSettings(input.settings, insightsOf(record));
    return { cluster: describeCluster(state, record, answerFields) };
  },

  PutClusterCapacityProviders: (state, input: PutClusterCapacityProvidersRequest) => {
    const record = requireCluster(state, input.cluster);
    const { defaultCapacityProviderStrategy = [] } = input;
    const capacityProviders = readProviders(state, input.capacityProviders ?? []);
    validateStrategy(defaultCapacityProviderStrategy, capacityProviders);
    const removed = (record.cluster.capacityProviders ?? []).filter((name) => !capacityProviders.includes(name));
    refuseProvidersInUse(state, record.cluster.clusterArn, removed);
    record.cluster.capacityProviders = capacityProviders;
    record.cluster.defaultCapacityProviderStrategy = defaultCapacityProviderStrategy.map(withDefaults);
    return { cluster: describeCluster(state, record, answerFields) };
  },

  DeleteCluster: (state, input: DeleteClusterRequest) => {
    const record = requireCluster(state, input.cluster);
    const { clusterArn: home, clusterName } = record.cluster;
    if (
      [...state.services.values()].some(({ service }) => service.clusterArn === home && service.status !== 'INACTIVE')
    ) {
      throw clusterContainsServices();
    }
    if (
      [...state.containerInstances.values()].some(
        (instance) => instance.clusterName === clusterName && instance.instance.status !== 'INACTIVE',
      )
    ) {
      throw clusterContainsContainerInstances();
    }
    if ([...state.tasks.values()].some(({ task }) => task.clusterArn === home && task.lastStatus !== 'STOPPED')) {
      throw clusterContainsTasks();
    }
    record.cluster.status = 'INACTIVE';
    record.cluster.capacityProviders = [];
    record.cluster.defaultCapacityProviderStrategy = [];
    state.tags.delete(home);
    return { cluster: describeCluster(state, record, answerFields) };
  },
} satisfies Record<string, Operation<EcsState>>;

/**
 * Finds the cluster that a call works on.
 *
 * @param identifier its name or ARN; none means `default`
 * @throws AwsError ClusterNotFoundException when there is none, or it was deleted;
 *   InvalidParameterException when the identifier is malformed
 */
export function requireCluster(state: EcsState, identifier: string | undefined): ClusterRecord {
  const name = ownClusterName(state, identifier ?? 'default');
  const record = name === undefined ? undefined : state.clusters.get(name);
  if (!record || record.cluster.status === 'INACTIVE') throw clusterNotFound();
  return record;
}

/** The name that an identifier means; undefined for the ARN of another account's or region's cluster. */
function ownClusterName(state: EcsState, identifier: string): string | undefined {
  if (identifier === '') throw invalidParameter('Invalid identifier: Identifier cannot be blank');
  if (!/[:/]/.test(identifier)) {
    if (NAME.test(identifier)) return identifier;
    throw invalidParameter(`Cluster must match ^[a-zA-Z0-9\\-_]{1,255}, but was ${identifier}`);
  }
  const arn = parseArn(identifier);
  const separators = identifier.split('/').length - 1;
  if (!arn || arn.parts.length !== 1 || separators !== 1) {
    throw invalidParameter('Invalid identifier: Unexpected number of separators');
  }
  if (arn.resource !== 'cluster') {
    throw invalidParameter(`Invalid identifier: Identifier is for ${arn.resource}, expected cluster`);
  }
  return arn.region === state.region && arn.account === state.dependencies.account ? arn.parts[0] : undefined;
}

/** API reference, CreateCluster: "Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens". */
function validateName(name: string): void {
  if (!NAME.test(name)) throw invalidParameter('ClusterName must match ^[a-zA-Z0-9\\-_]{1,255}$');
}

function readCluster(
  state: EcsState,
  name: string,
  input: CreateClusterRequest,
  context: RequestContext,
): ClusterRecord['cluster'] {
  const { configuration, serviceConnectDefaults, defaultCapacityProviderStrategy = [] } = input;
  if (configuration) validateConfiguration(configuration);
  const capacityProviders = readProviders(state, input.capacityProviders ?? []);
  validateStrategy(defaultCapacityProviderStrategy, capacityProviders);
  const namespace = serviceConnectDefaults && readServiceConnectDefaults(state, serviceConnectDefaults);
  return {
    clusterArn: clusterArn(state, name),
    clusterName: name,
    status: 'ACTIVE',
    settings: readSettings(input.settings, effectiveSetting(state, principalOf(context), 'containerInsights')),
    capacityProviders,
    defaultCapacityProviderStrategy: defaultCapacityProviderStrategy.map(withDefaults),
    ...(configuration && { configuration: withLoggingDefault(configuration) }),
    ...(namespace && { serviceConnectDefaults: namespace }),
  };
}

/**
 * CreateCluster is idempotent for an active cluster. What a repeated request names must be as it is;
 * the message is the one that callers of AWS report (hashicorp/terraform#24615).
 */
function refuseInconsistent(existing: Cluster, input: CreateClusterRequest, wanted: Cluster): void {
  const members = [
    'settings',
    'configuration',
    'capacityProviders',
    'defaultCapacityProviderStrategy',
    'serviceConnectDefaults',
  ] as const;
  if (members.some((member) => input[member] !== undefined && !isDeepStrictEqual(existing[member], wanted[member]))) {
    throw invalidParameter(
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    );
  }
}

function insightsOf({ cluster }: ClusterRecord): string {
  return cluster.settings?.find(({ name }) => name === 'containerInsights')?.value ?? 'disabled';
}
