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
import { forgetTokens } from '../tasks/client-tokens.ts';
import type { Operation, RequestContext } from '../../../service.ts';
import { paginate } from '../pagination.ts';
import { effectiveSetting, principalOf } from '../account-settings.ts';
import { clusterArn } from '../arns.ts';
import {
  refuseProvidersInUse,
  readProviders,
  validateStrategy,
  withWeightAndBase,
} from '../capacity-providers/strategy.ts';
import {
  makeDefaultNamespace,
  readServiceConnectDefaults,
  readSettings,
  validateConfiguration,
  withLoggingDefault,
} from './configuration.ts';
import { describeCluster, answerFields } from './description.ts';
import { ownClusterName, requireCluster, validateClusterName } from './lookup.ts';
import { addContainerInstances } from '../container-instances/registration.ts';
import {
  clusterContainsContainerInstances,
  clusterContainsServices,
  clusterContainsTasks,
  invalidParameter,
} from '../errors.ts';
import type { ClusterRecord, EcsState } from '../state.ts';
import { setTags, validateTags } from '../tags/rules.ts';

/** CreateCluster to DeleteCluster, and what is set on a cluster in between. */
export const clusterOperations = {
  CreateCluster: (state, input: CreateClusterRequest, context) => {
    const name = input.clusterName ?? 'default';
    validateClusterName(name);
    validateTags(input.tags);
    const wanted = readCluster(state, name, input, context);
    const existing = state.clusters.get(name);
    if (existing && existing.cluster.status !== 'INACTIVE') {
      refuseInconsistent(existing.cluster, input, wanted);
      return { cluster: describeCluster(state, existing, answerFields) };
    }
    const record: ClusterRecord = { cluster: wanted };
    // A name that is used again lists as a new cluster.
    if (existing) forgetCluster(state, existing);
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
    if (serviceConnectDefaults) makeDefaultNamespace(state, serviceConnectDefaults);
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
    record.cluster.defaultCapacityProviderStrategy = defaultCapacityProviderStrategy.map(withWeightAndBase);
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
    if (
      [...state.tasks.values()].some(
        ({ task, isOrphaned }) => task.clusterArn === home && task.lastStatus !== 'STOPPED' && !isOrphaned,
      )
    ) {
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
 * Removes a deleted cluster with all that was left in it. API reference, DescribeTasks: "If you create a new
 * cluster with the same name as the deleted cluster, the tagged tasks are not included in the response."
 */
function forgetCluster(state: EcsState, { cluster: { clusterArn: home, clusterName } }: ClusterRecord): void {
  for (const [arn, record] of state.tasks) {
    if (record.task.clusterArn !== home) continue;
    // One that was orphaned may still run, and nobody could see or stop it any more.
    state.supervisor.stop(record, { code: 'UserInitiated', reason: 'The cluster of the task was deleted.' });
    forget(state.tasks, arn);
  }
  forgetTokens(state, clusterName);
  for (const [arn, { service }] of state.services) if (service.clusterArn === home) forget(state.services, arn);
  for (const [arn, instance] of state.containerInstances) {
    if (instance.clusterName === clusterName) forget(state.containerInstances, arn);
  }
  state.clusters.delete(clusterName);

  function forget(records: Map<string, unknown>, arn: string): void {
    records.delete(arn);
    state.tags.delete(arn);
  }
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
  const settings = readSettings(input.settings, effectiveSetting(state, principalOf(context), 'containerInsights'));
  const namespace = serviceConnectDefaults && readServiceConnectDefaults(state, serviceConnectDefaults);
  if (serviceConnectDefaults) makeDefaultNamespace(state, serviceConnectDefaults);
  return {
    clusterArn: clusterArn(state, name),
    clusterName: name,
    status: 'ACTIVE',
    settings,
    capacityProviders,
    defaultCapacityProviderStrategy: defaultCapacityProviderStrategy.map(withWeightAndBase),
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
