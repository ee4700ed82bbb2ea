import type {
  CreateHttpNamespaceRequest,
  CreatePrivateDnsNamespaceRequest,
  CreatePublicDnsNamespaceRequest,
  DeleteNamespaceRequest,
  DnsProperties,
  GetNamespaceRequest,
  ListNamespacesRequest,
  Namespace,
  NamespaceFilter,
  NamespaceType,
  Tag,
  UpdateHttpNamespaceRequest,
  UpdatePrivateDnsNamespaceRequest,
  UpdatePublicDnsNamespaceRequest,
} from '@aws-sdk/client-servicediscovery';
import { AwsError, type Operation } from '../../service.ts';
import { invalidInput, requireNamespace } from './errors.ts';
import { newHostedZoneId, newId } from './ids.ts';
import { logOperation } from './operation-log.ts';
import { paginate } from './pagination.ts';
import { arnOf, type Checked, type NamespaceRecord, type ServicediscoveryState } from './state.ts';
import { checkTags, setTags } from './tags.ts';

/** Seconds, as Cloud Map sets it in the SOA record of a zone unless told. */
const defaultSoaTtl = 15;

/** Namespaces: what services are in, and the names under which they are looked up. */
export const namespaceOperations = {
  CreateHttpNamespace: (state, input: Checked<CreateHttpNamespaceRequest, 'Name'>) =>
    create(state, { ...input, type: 'HTTP' }),

  CreatePrivateDnsNamespace: (state, input: Checked<CreatePrivateDnsNamespaceRequest, 'Name' | 'Vpc'>) =>
    create(state, { ...input, type: 'DNS_PRIVATE', vpc: input.Vpc, soa: input.Properties?.DnsProperties?.SOA }),

  CreatePublicDnsNamespace: (state, input: Checked<CreatePublicDnsNamespaceRequest, 'Name'>) =>
    create(state, { ...input, type: 'DNS_PUBLIC', soa: input.Properties?.DnsProperties?.SOA }),

  GetNamespace: (state, { Id }: Checked<GetNamespaceRequest, 'Id'>) => ({
    Namespace: describe(state, requireNamespace(state, Id)),
  }),

  ListNamespaces: (state, input: ListNamespacesRequest) => {
    const matches = (input.Filters ?? []).map(compileFilter);
    const found = [...state.namespaces.values()].filter(({ namespace }) => matches.every((match) => match(namespace)));
    const { page, ...next } = paginate(found, input, ({ namespace }) => namespace.Id);
    const Namespaces = page.map((record) => {
      const { CreatorRequestId: _, ...summary } = describe(state, record);
      return summary;
    });
    return { Namespaces, ...next };
  },

  UpdateHttpNamespace: (state, input: Checked<UpdateHttpNamespaceRequest, 'Id' | 'Namespace'>) =>
    update(state, 'HTTP', input.Id, input.Namespace.Description, undefined),

  UpdatePrivateDnsNamespace: (state, input: Checked<UpdatePrivateDnsNamespaceRequest, 'Id' | 'Namespace'>) =>
    update(state, 'DNS_PRIVATE', input.Id, input.Namespace.Description, input.Namespace.Properties?.DnsProperties?.SOA),

  UpdatePublicDnsNamespace: (state, input: Checked<UpdatePublicDnsNamespaceRequest, 'Id' | 'Namespace'>) =>
    update(state, 'DNS_PUBLIC', input.Id, input.Namespace.Description, input.Namespace.Properties?.DnsProperties?.SOA),

  DeleteNamespace: (state, { Id }: Checked<DeleteNamespaceRequest, 'Id'>) => {
    const { namespace } = requireNamespace(state, Id);
    if (serviceCount(state, namespace.Id) > 0) {
      throw new AwsError(
        'ResourceInUse',
        'Namespace has associated services; delete the services before deleting the namespace',
      );
    }
    state.namespaces.delete(namespace.Id);
    state.tags.delete(namespace.Arn);
    return logOperation(state, 'DELETE_NAMESPACE', { NAMESPACE: namespace.Id });
  },
} satisfies Record<string, Operation<ServicediscoveryState>>;

/** Makes an HTTP namespace as ECS does for Service Connect. */
export function addHttpNamespace(state: ServicediscoveryState, name: string, id: string): NamespaceRecord {
  const record = newNamespace(state, { Name: name, type: 'HTTP', id });
  // As ECS marks what it makes in Cloud Map.
  setTags(state, record.namespace.Arn, [{ Key: 'AmazonECSManaged', Value: 'true' }]);
  return record;
}

interface NewNamespace {
  readonly Name: string;
  readonly type: NamespaceType;
  readonly id?: string;
  readonly vpc?: string | undefined;
  readonly soa?: DnsProperties['SOA'];
  readonly Description?: string | undefined;
  readonly CreatorRequestId?: string | undefined;
  readonly Tags?: Tag[] | undefined;
}

function create(state: ServicediscoveryState, wanted: NewNamespace): { OperationId: string } {
  checkTags(wanted.Tags);
  const existing = [...state.namespaces.values()].find((record) => clashes(record, wanted));
  if (existing) {
    const { Id, CreatorRequestId } = existing.namespace;
    // The same request again, which its CreatorRequestId makes safe to repeat.
    if (wanted.CreatorRequestId !== undefined && wanted.CreatorRequestId === CreatorRequestId) {
      const logged = [...state.operations.values()].find(
        ({ operation: { Type, Targets } }) => Type === 'CREATE_NAMESPACE' && Targets?.NAMESPACE === Id,
      );
      if (logged) return { OperationId: logged.operation.Id };
    }
    throw new AwsError('NamespaceAlreadyExists', `The namespace ${wanted.Name} already exists.`, {
      members: { NamespaceId: Id, ...(CreatorRequestId !== undefined && { CreatorRequestId }) },
    });
  }
  const { namespace } = newNamespace(state, wanted);
  setTags(state, namespace.Arn, wanted.Tags ?? []);
  return logOperation(state, 'CREATE_NAMESPACE', { NAMESPACE: namespace.Id });
}

/** Names are unique among the namespaces of a type; a private DNS name only within its VPC. */
function clashes({ namespace, vpc }: NamespaceRecord, wanted: NewNamespace): boolean {
  return namespace.Type === wanted.type && namespace.Name === wanted.Name && vpc === wanted.vpc;
}

function newNamespace(state: ServicediscoveryState, wanted: NewNamespace): NamespaceRecord {
  const id = wanted.id ?? newId('ns');
  // "If you reuse Name for namespace creation, a generated hash is added to HttpName to distinguish the two."
  const reused = [...state.namespaces.values()].some(
    ({ namespace }) => namespace.Properties?.HttpProperties?.HttpName === wanted.Name,
  );
  const record: NamespaceRecord = {
    namespace: {
      Id: id,
      Arn: arnOf(state, 'namespace', id),
      ResourceOwner: state.account,
      Name: wanted.Name,
      Type: wanted.type,
      ...(wanted.Description !== undefined && { Description: wanted.Description }),
      Properties: {
        DnsProperties:
          wanted.type === 'HTTP'
            ? { SOA: { TTL: undefined } }
            : { HostedZoneId: newHostedZoneId(), SOA: wanted.soa ?? { TTL: defaultSoaTtl } },
        HttpProperties: { HttpName: reused ? `${wanted.Name}-${id.slice(-8)}` : wanted.Name },
      },
      CreateDate: new Date(state.clock.now()),
      ...(wanted.CreatorRequestId !== undefined && { CreatorRequestId: wanted.CreatorRequestId }),
    },
    vpc: wanted.vpc,
  };
  state.namespaces.set(id, record);
  return record;
}

function update(
  state: ServicediscoveryState,
  type: NamespaceType,
  reference: string,
  description: string | undefined,
  soa: DnsProperties['SOA'],
): { OperationId: string } {
  const { namespace } = requireNamespace(state, reference);
  if (namespace.Type !== type) throw invalidInput(`The namespace ${namespace.Id} is not of type ${type}.`);
  if (description !== undefined) namespace.Description = description;
  if (soa && namespace.Properties?.DnsProperties) namespace.Properties.DnsProperties.SOA = soa;
  return logOperation(state, 'UPDATE_NAMESPACE', { NAMESPACE: namespace.Id });
}

function describe(state: ServicediscoveryState, { namespace }: NamespaceRecord): Namespace {
  return { ...namespace, ServiceCount: serviceCount(state, namespace.Id) };
}

function serviceCount(state: ServicediscoveryState, id: string): number {
  let count = 0;
  for (const { service } of state.services.values()) if (service.NamespaceId === id) count += 1;
  return count;
}

/** API reference, NamespaceFilter. */
function compileFilter({ Name, Values = [], Condition = 'EQ' }: NamespaceFilter): (namespace: Namespace) => boolean {
  const beginsWith = Condition === 'BEGINS_WITH' && Name !== 'RESOURCE_OWNER';
  if (Condition !== 'EQ' && !beginsWith) throw invalidInput(`Condition ${Condition} is not supported for ${Name}.`);
  const [wanted, ...more] = Values;
  if (wanted === undefined || more.length > 0) throw invalidInput(`Condition ${Condition} takes exactly one value.`);
  // Nobody shares namespaces with this account.
  if (Name === 'RESOURCE_OWNER') return () => wanted === 'SELF';
  return (namespace) => {
    const own = {
      TYPE: namespace.Type,
      NAME: namespace.Name,
      HTTP_NAME: namespace.Properties?.HttpProperties?.HttpName,
    }[Name as 'TYPE' | 'NAME' | 'HTTP_NAME'];
    return beginsWith ? (own ?? '').startsWith(wanted) : own === wanted;
  };
}
