import { randomInt } from 'node:crypto';
import type {
  DiscoverInstancesRequest,
  DiscoverInstancesRevisionRequest,
  HealthStatusFilter,
} from '@aws-sdk/client-servicediscovery';
import { AwsError, type Operation } from '../../service.ts';
import { healthOf } from './instances.ts';
import type { Checked, InstanceRecord, NamespaceRecord, ServiceRecord, ServicediscoveryState } from './state.ts';

type Named = 'NamespaceName' | 'ServiceName';

const defaultMaxResults = 100;

/** Looking up the instances of a service by names, as applications do. */
export const discoverOperations = {
  DiscoverInstances: (state, input: Checked<DiscoverInstancesRequest, Named>) => {
    const { namespace, record } = find(state, input);
    const required = [...record.instances.values()].filter(matching(input.QueryParameters));
    const preferred = required.filter(matching(input.OptionalParameters));
    const chosen = byHealth(record, preferred.length > 0 ? preferred : required, input.HealthStatus);
    const Instances = shuffled(chosen)
      .slice(0, input.MaxResults ?? defaultMaxResults)
      .map((instance) => ({
        InstanceId: instance.id,
        NamespaceName: namespace.Properties?.HttpProperties?.HttpName,
        ServiceName: record.service.Name,
        HealthStatus: healthOf(record, instance),
        Attributes: instance.attributes,
      }));
    return { Instances, InstancesRevision: record.revision };
  },

  DiscoverInstancesRevision: (state, input: Checked<DiscoverInstancesRevisionRequest, Named>) => ({
    InstancesRevision: find(state, input).record.revision,
  }),
} satisfies Record<string, Operation<ServicediscoveryState>>;

/** @throws AwsError NamespaceNotFound, ServiceNotFound */
function find(
  state: ServicediscoveryState,
  { NamespaceName, ServiceName }: { NamespaceName: string; ServiceName: string },
): { namespace: NamespaceRecord['namespace']; record: ServiceRecord } {
  const found = [...state.namespaces.values()].find(
    ({ namespace }) => namespace.Properties?.HttpProperties?.HttpName === NamespaceName,
  );
  if (!found) throw new AwsError('NamespaceNotFound', 'Namespace not found');
  const { namespace } = found;
  const record = [...state.services.values()].find(
    ({ service }) => service.NamespaceId === namespace.Id && service.Name === ServiceName,
  );
  if (!record) throw new AwsError('ServiceNotFound', 'Service not found');
  return { namespace, record };
}

function matching(parameters: Readonly<Record<string, string>> = {}): (instance: InstanceRecord) => boolean {
  const wanted = Object.entries(parameters);
  return ({ attributes }) => wanted.every(([name, value]) => attributes[name] === value);
}

/** "This parameter is ignored for services that don't have a health check configured, and all instances are returned." */
function byHealth(
  record: ServiceRecord,
  instances: readonly InstanceRecord[],
  filter: HealthStatusFilter = 'HEALTHY_OR_ELSE_ALL',
): readonly InstanceRecord[] {
  const { HealthCheckConfig: check, HealthCheckCustomConfig: custom } = record.service;
  if (filter === 'ALL' || (!check && !custom)) return instances;
  const status = filter === 'UNHEALTHY' ? 'UNHEALTHY' : 'HEALTHY';
  const found = instances.filter((instance) => healthOf(record, instance) === status);
  return found.length === 0 && filter === 'HEALTHY_OR_ELSE_ALL' ? instances : found;
}

/** "DiscoverInstances returns a randomized list of instances allowing customers to distribute traffic evenly". */
function shuffled<Item>(items: readonly Item[]): Item[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(randomInt(rest.length), 1));
}
