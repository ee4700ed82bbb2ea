import type {
  CreateServiceRequest,
  DeleteServiceAttributesRequest,
  DeleteServiceRequest,
  DnsConfig,
  DnsRecord,
  GetServiceAttributesRequest,
  GetServiceRequest,
  HealthCheckConfig,
  ListServicesRequest,
  Service,
  ServiceFilter,
  UpdateServiceAttributesRequest,
  UpdateServiceRequest,
} from '@aws-sdk/client-servicediscovery';
import { AwsError, type Operation } from '../../service.ts';
import { invalidInput, requireNamespace, requireService } from './errors.ts';
import { newId } from './ids.ts';
import { logOperation } from './operation-log.ts';
import { paginate } from './pagination.ts';
import {
  arnOf,
  type Checked,
  idIn,
  type NamespaceRecord,
  type ServiceRecord,
  type ServicediscoveryState,
} from './state.ts';
import { checkTags, setTags } from './tags.ts';

/** Services: what instances are registered with. */
export const serviceOperations = {
  CreateService: (state, input: Checked<CreateServiceRequest, 'Name'>) => ({
    Service: describe(createService(state, input)),
  }),

  GetService: (state, { Id }: Checked<GetServiceRequest, 'Id'>) => ({ Service: describe(requireService(state, Id)) }),

  ListServices: (state, input: ListServicesRequest) => {
    const matches = (input.Filters ?? []).map(compileFilter);
    const found = [...state.services.values()].filter((record) => matches.every((match) => match(record)));
    const { page, ...next } = paginate(found, input, ({ service }) => service.Id);
    const Services = page.map((record) => {
      const { CreatorRequestId: _, NamespaceId: __, ...summary } = describe(record);
      return summary;
    });
    return { Services, ...next };
  },

  UpdateService: (state, input: Checked<UpdateServiceRequest, 'Id' | 'Service'>) => {
    const record = requireService(state, input.Id);
    updateService(state, record, input.Service);
    return logOperation(state, 'UPDATE_SERVICE', { SERVICE: record.service.Id }, serviceOf(record));
  },

  DeleteService: (state, { Id }: Checked<DeleteServiceRequest, 'Id'>) => {
    const { service, instances } = requireService(state, Id);
    if (instances.size > 0) {
      throw new AwsError(
        'ResourceInUse',
        'Service contains registered instances; delete the instances before deleting the service',
      );
    }
    state.services.delete(service.Id);
    state.tags.delete(service.Arn);
    return {};
  },

  GetServiceAttributes: (state, { ServiceId }: Checked<GetServiceAttributesRequest, 'ServiceId'>) => {
    const { service, attributes } = requireService(state, ServiceId);
    return { ServiceAttributes: { ServiceArn: service.Arn, ResourceOwner: state.account, Attributes: attributes } };
  },

  UpdateServiceAttributes: (
    state,
    { ServiceId, Attributes }: Checked<UpdateServiceAttributesRequest, 'ServiceId' | 'Attributes'>,
  ) => {
    const record = requireService(state, ServiceId);
    const merged = { ...record.attributes, ...Attributes };
    if (Object.keys(merged).length > maximumServiceAttributes) {
      throw new AwsError(
        'ServiceAttributesLimitExceededException',
        `A service can have no more than ${maximumServiceAttributes} attributes.`,
      );
    }
    record.attributes = merged;
    return {};
  },

  DeleteServiceAttributes: (
    state,
    { ServiceId, Attributes }: Checked<DeleteServiceAttributesRequest, 'ServiceId' | 'Attributes'>,
  ) => {
    const record = requireService(state, ServiceId);
    record.attributes = Object.fromEntries(
      Object.entries(record.attributes).filter(([name]) => !Attributes.includes(name)),
    );
    return {};
  },
} satisfies Record<string, Operation<ServicediscoveryState>>;

const maximumServiceAttributes = 30;

/** The ids by which ListOperations finds what was done with a service. */
export function serviceOf({ service }: ServiceRecord): { namespaceId: string; serviceId: string } {
  return { namespaceId: service.NamespaceId, serviceId: service.Id };
}

/** The types of DNS records that an instance of the service gets. */
export function recordTypesOf({ service }: ServiceRecord): string[] {
  return (service.Type === 'HTTP' ? [] : (service.DnsConfig?.DnsRecords ?? [])).map(({ Type = '' }) => Type);
}

/**
 * Makes a service.
 *
 * @returns it, or the one that an earlier request with the same CreatorRequestId made
 * @throws AwsError NamespaceNotFound, ServiceAlreadyExists, InvalidInput
 */
export function createService(
  state: ServicediscoveryState,
  input: Checked<CreateServiceRequest, 'Name'>,
): ServiceRecord {
  checkTags(input.Tags);
  const reference = input.NamespaceId ?? input.DnsConfig?.NamespaceId;
  if (reference === undefined) throw invalidInput('NamespaceId is required.');
  const { namespace } = requireNamespace(state, reference);
  validate(namespace, input);
  const existing = findClash(state, namespace, input.Name);
  if (existing) {
    const { Id, Arn, CreatorRequestId } = existing.service;
    if (input.CreatorRequestId !== undefined && input.CreatorRequestId === CreatorRequestId) return existing;
    throw new AwsError('ServiceAlreadyExists', 'Service already exists.', {
      members: { ServiceId: Id, ServiceArn: Arn, ...(CreatorRequestId !== undefined && { CreatorRequestId }) },
    });
  }
  const id = newId('srv');
  const dns = input.DnsConfig && { RoutingPolicy: 'MULTIVALUE' as const, ...input.DnsConfig };
  const record: ServiceRecord = {
    service: {
      Id: id,
      Arn: arnOf(state, 'service', id),
      ResourceOwner: state.account,
      Name: input.Name,
      NamespaceId: namespace.Id,
      ...(input.Description !== undefined && { Description: input.Description }),
      ...(dns && { DnsConfig: dns }),
      Type: namespace.Type === 'HTTP' || input.Type === 'HTTP' || !dns ? 'HTTP' : 'DNS_HTTP',
      ...(input.HealthCheckConfig && { HealthCheckConfig: withFailureThreshold(input.HealthCheckConfig) }),
      // "This parameter is no longer supported and is always set to 1." (HealthCheckCustomConfig)
      ...(input.HealthCheckCustomConfig && { HealthCheckCustomConfig: { FailureThreshold: 1 } }),
      CreateDate: new Date(state.clock.now()),
      ...(input.CreatorRequestId !== undefined && { CreatorRequestId: input.CreatorRequestId }),
      CreatedByAccount: state.account,
    },
    instances: new Map(),
    revision: 0,
    attributes: {},
  };
  state.services.set(id, record);
  setTags(state, record.service.Arn, input.Tags ?? []);
  return record;
}

/** Names that differ by case alone are one name in DNS, two in an HTTP namespace (CreateService, Name). */
function findClash(
  state: ServicediscoveryState,
  namespace: NamespaceRecord['namespace'],
  name: string,
): ServiceRecord | undefined {
  const fold = (text: string) => (namespace.Type === 'HTTP' ? text : text.toLowerCase());
  return [...state.services.values()].find(
    ({ service }) => service.NamespaceId === namespace.Id && fold(service.Name) === fold(name),
  );
}

/** API reference, CreateService, DnsConfig and DnsRecord. */
function validate(namespace: NamespaceRecord['namespace'], input: CreateServiceRequest): void {
  const { DnsConfig: dns, HealthCheckConfig: check, HealthCheckCustomConfig: custom } = input;
  if (check && custom) {
    throw invalidInput('You can specify either HealthCheckCustomConfig or HealthCheckConfig but not both.');
  }
  if (check && namespace.Type === 'DNS_PRIVATE') {
    throw invalidInput('HealthCheckConfig is not supported for services in private DNS namespaces.');
  }
  if (check) validateHealthCheck(check);
  if (namespace.Type !== 'HTTP' && input.Type !== 'HTTP' && !dns) {
    throw invalidInput('DnsConfig is required for services in DNS namespaces unless their Type is HTTP.');
  }
  if (input.Type === 'HTTP' && dns) throw invalidInput('DnsConfig cannot be specified for services of Type HTTP.');
  if (dns) validateDns(dns, check);
}

function validateHealthCheck({ Type, ResourcePath }: HealthCheckConfig): void {
  if (Type === 'TCP' && ResourcePath !== undefined) {
    throw invalidInput('ResourcePath cannot be specified for health checks of type TCP.');
  }
}

const combinations = new Set(['A', 'AAAA', 'A,AAAA', 'SRV', 'CNAME', 'A,SRV', 'AAAA,SRV', 'A,AAAA,SRV']);

function validateDns({ DnsRecords = [], RoutingPolicy }: DnsConfig, check: HealthCheckConfig | undefined): void {
  const types = DnsRecords.map(({ Type = '' }) => Type).toSorted();
  if (!combinations.has(types.join(','))) {
    throw invalidInput(`The combination of DNS record types [${types.join(', ')}] is not supported.`);
  }
  if (!types.includes('CNAME')) return;
  if (RoutingPolicy !== 'WEIGHTED') throw invalidInput('CNAME records require the routing policy WEIGHTED.');
  if (check) throw invalidInput('You cannot specify both a CNAME record and HealthCheckConfig.');
}

/**
 * UpdateService. What the request leaves out of DnsConfig and HealthCheckConfig is deleted; a custom health
 * check stays as it is.
 */
function updateService(
  state: ServicediscoveryState,
  record: ServiceRecord,
  change: NonNullable<UpdateServiceRequest['Service']>,
): void {
  const { namespace } = requireNamespace(state, record.service.NamespaceId);
  const { DnsConfig: dnsBefore, HealthCheckConfig: _, ...rest } = record.service;
  const { DnsConfig: dns, HealthCheckConfig: check } = change;
  // The service was made for records of these types; only their TTL can change.
  const types = (records: readonly DnsRecord[] = []) =>
    records
      .map(({ Type = '' }): string => Type)
      .toSorted()
      .join();
  if (dns && types(dns.DnsRecords) !== types(dnsBefore?.DnsRecords)) {
    throw invalidInput('The types of the DNS records of a service cannot be changed.');
  }
  if (check && rest.HealthCheckCustomConfig) {
    throw invalidInput('You can specify either HealthCheckCustomConfig or HealthCheckConfig but not both.');
  }
  if (check && namespace.Type === 'DNS_PRIVATE') {
    throw invalidInput('HealthCheckConfig is not supported for services in private DNS namespaces.');
  }
  if (check) validateHealthCheck(check);
  record.service = {
    ...rest,
    ...(change.Description !== undefined && { Description: change.Description }),
    ...(dns && { DnsConfig: { ...dnsBefore, DnsRecords: dns.DnsRecords } }),
    ...(check && { HealthCheckConfig: withFailureThreshold(check) }),
  };
}

function withFailureThreshold(check: HealthCheckConfig): HealthCheckConfig {
  const path = check.Type === 'TCP' ? {} : { ResourcePath: '/' };
  return { FailureThreshold: 1, ...path, ...check };
}

function describe({ service, instances }: ServiceRecord): Service {
  return { ...service, InstanceCount: instances.size };
}

/** API reference, ServiceFilter. */
function compileFilter({ Name, Values = [], Condition = 'EQ' }: ServiceFilter): (record: ServiceRecord) => boolean {
  const [wanted, ...more] = Values;
  if (Condition !== 'EQ') throw invalidInput(`Condition ${Condition} is not supported for ${Name}.`);
  if (wanted === undefined || more.length > 0) throw invalidInput('Condition EQ takes exactly one value.');
  if (Name === 'RESOURCE_OWNER') return () => wanted === 'SELF';
  return ({ service }) => service.NamespaceId === idIn(wanted);
}
