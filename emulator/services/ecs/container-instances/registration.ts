import { randomUUID } from 'node:crypto';
import type { Attribute, RegisterContainerInstanceRequest, Resource, VersionInfo } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { containerInstanceArn, newId } from '../arns.ts';
import { fargateProviders } from '../capacity-providers/lookup.ts';
import type { ContainerInstanceRecord, EcsState } from '../state.ts';
import { launchTypeOn } from '../tasks/launch-type.ts';
import {
  agentAttributes,
  agentResources,
  agentVersion,
  capabilityAttributes,
  defaultCpu,
  defaultInstanceType,
  defaultMemory,
  placementAttributes,
  type InstanceDescription,
} from './agent-defaults.ts';

/** Where instances are registered. */
export type RegistrationState = Pick<EcsState, 'region' | 'clusters' | 'containerInstances'> & {
  readonly dependencies: Pick<EcsState['dependencies'], 'account' | 'clock'>;
};

/** What an agent says of itself and its machine when it registers. */
export interface Registration {
  readonly clusterName: string;
  readonly machine: InstanceDescription & { readonly instanceId: string };
  readonly resources: readonly Resource[];
  readonly attributes: readonly Attribute[];
  readonly versionInfo: VersionInfo;
  /** The Auto Scaling group capacity provider that the instance belongs to, if any. */
  readonly capacityProvider?: string | undefined;
}

/** A simulated machine; whatever is left out is what a c5.xlarge in the region's first zone has. */
export interface SimulatedInstances {
  readonly cluster: string;
  /** How many; default 1. */
  readonly count?: number | undefined;
  /** CPU units of each. */
  readonly cpu?: number | undefined;
  /** MiB of each. */
  readonly memory?: number | undefined;
  /** GPUs of each; default 0. */
  readonly gpus?: number | undefined;
  readonly instanceType?: string | undefined;
  /** The instances go into these in turns. */
  readonly availabilityZones?: readonly string[] | undefined;
  /** The name of an Auto Scaling group capacity provider of the cluster; by default the only one that it has. */
  readonly capacityProvider?: string | undefined;
  /** Custom attributes, besides those that every agent registers. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/**
 * Puts a container instance into the state, ACTIVE and with its agent connected. In a cluster with exactly one
 * Auto Scaling group capacity provider it belongs to that one, unless it is a machine of ECS Anywhere.
 */
export function registerInstance(state: RegistrationState, registration: Registration): ContainerInstanceRecord {
  const { clusterName, machine, resources, attributes, versionInfo } = registration;
  const capacityProviderName = registration.capacityProvider ?? onlyProvider(state, clusterName);
  const isInGroup = capacityProviderName !== undefined && launchTypeOn({ ec2InstanceId: machine.instanceId }) === 'EC2';
  const record: ContainerInstanceRecord = {
    instance: {
      containerInstanceArn: containerInstanceArn(state, clusterName, newId()),
      ec2InstanceId: machine.instanceId,
      ...(isInGroup && { capacityProviderName }),
      version: 1,
      versionInfo,
      remainingResources: resources.map(withEveryValue),
      registeredResources: resources.map(withEveryValue),
      status: 'ACTIVE',
      agentConnected: true,
      registeredAt: new Date(state.dependencies.clock.now()),
      attachments: [],
    },
    clusterName,
    attributes: new Map(attributes.map((attribute) => [attribute.name ?? '', attribute])),
  };
  state.containerInstances.set(record.instance.containerInstanceArn, record);
  return record;
}

/** ECS answers with every kind of value, the unused ones at zero. */
function withEveryValue(resource: Resource): Resource {
  return { doubleValue: 0, longValue: 0, integerValue: 0, ...structuredClone(resource) };
}

/**
 * Adds simulated machines to a cluster, each with the resources and attributes that a real agent registers.
 *
 * @throws AwsError InvalidParameterException when the capacity provider is none of the cluster's Auto Scaling groups
 */
export function addContainerInstances(
  state: RegistrationState,
  options: SimulatedInstances,
): ContainerInstanceRecord[] {
  const { capacityProvider } = options;
  if (capacityProvider !== undefined && !groupProviders(state, options.cluster).includes(capacityProvider)) {
    throw invalidParameter(
      `The cluster ${options.cluster} has no Auto Scaling group capacity provider ${capacityProvider}. Associate it with PutClusterCapacityProviders first.`,
    );
  }
  const zones = options.availabilityZones?.length ? options.availabilityZones : [`${state.region}a`];
  return Array.from({ length: options.count ?? 1 }, (_, index) => {
    const availabilityZone = zones[index % zones.length] ?? `${state.region}a`;
    const machine = {
      ...unknownMachine(state.region),
      instanceType: options.instanceType ?? defaultInstanceType,
      availabilityZone,
    };
    const gpus = Array.from({ length: options.gpus ?? 0 }, () => `GPU-${randomUUID()}`);
    return registerInstance(state, {
      clusterName: options.cluster,
      machine,
      resources: agentResources(options.cpu ?? defaultCpu, options.memory ?? defaultMemory, gpus),
      attributes: [
        ...agentAttributes(machine, networkOf(availabilityZone)),
        ...Object.entries(options.attributes ?? {}).map(([name, value]) => ({ name, value })),
      ],
      versionInfo: agentVersion,
      capacityProvider,
    });
  });
}

function onlyProvider(state: RegistrationState, clusterName: string): string | undefined {
  const [provider, ...others] = groupProviders(state, clusterName);
  return others.length === 0 ? provider : undefined;
}

/** The cluster's capacity providers that have instances: those of Auto Scaling groups. */
function groupProviders(state: RegistrationState, clusterName: string): string[] {
  const { capacityProviders = [] } = state.clusters.get(clusterName)?.cluster ?? {};
  return capacityProviders.filter((name) => !fargateProviders.includes(name));
}

/**
 * Reads RegisterContainerInstance's input. A caller that plays the agent sends everything; one that
 * sends the identity document only, as test suites do, gets what the agent of such a machine would add.
 * The document's signature is not checked: only AWS can sign one.
 *
 * @throws AwsError InvalidParameterException when the document is not JSON
 */
export function readRegistration(
  state: RegistrationState,
  clusterName: string,
  input: RegisterContainerInstanceRequest,
): Registration {
  const machine = readIdentityDocument(state.region, input.instanceIdentityDocument);
  const gpus = (input.platformDevices ?? []).filter(({ type }) => type === 'GPU').map(({ id }) => id ?? '');
  const given = input.totalResources ?? [];
  const resources = agentResources(defaultCpu, defaultMemory, gpus).map(
    (resource) => given.find(({ name }) => name === resource.name) ?? resource,
  );
  const custom = given.filter(({ name }) => !resources.some((resource) => resource.name === name));
  const attributes = input.attributes ?? [];
  const namesCapabilities = attributes.some(({ name }) => /(?:^|\.)ecs\.capability\./.test(name ?? ''));
  return {
    clusterName,
    machine,
    resources: [...resources, ...custom],
    attributes: [
      ...placementAttributes(machine, networkOf(machine.availabilityZone)),
      ...(namesCapabilities ? [] : capabilityAttributes()),
      ...attributes.map(({ name, value }) => ({ name, ...(value === undefined ? {} : { value }) })),
    ],
    versionInfo: input.versionInfo ?? agentVersion,
  };
}

function readIdentityDocument(region: string, document: string | undefined): Registration['machine'] {
  const unknown = unknownMachine(region);
  if (document === undefined || document === '') return unknown;
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    throw invalidParameter('Instance identity document was not valid JSON.');
  }
  const fields =
    typeof parsed === 'object' && parsed !== null ? new Map<string, unknown>(Object.entries(parsed)) : new Map();
  const text = (name: string, otherwise: string) => {
    const value: unknown = fields.get(name);
    return typeof value === 'string' && value !== '' ? value : otherwise;
  };
  return {
    instanceId: text('instanceId', unknown.instanceId),
    instanceType: text('instanceType', unknown.instanceType),
    availabilityZone: text('availabilityZone', unknown.availabilityZone),
    imageId: text('imageId', unknown.imageId),
    architecture: fields.get('architecture') === 'arm64' ? 'arm64' : 'x86_64',
  };
}

function unknownMachine(region: string): Registration['machine'] {
  return {
    instanceId: resourceId('i'),
    instanceType: defaultInstanceType,
    availabilityZone: `${region}a`,
    imageId: 'ami-00000000000000001',
    architecture: 'x86_64',
  };
}

/** Instances of one zone share a subnet; all of them share a VPC. */
function networkOf(availabilityZone: string): { subnetId: string; vpcId: string } {
  const zone = availabilityZone
    .charCodeAt(availabilityZone.length - 1)
    .toString(16)
    .padStart(17, '0');
  return { subnetId: `subnet-${zone}`, vpcId: 'vpc-00000000000000001' };
}

function resourceId(prefix: string): string {
  return `${prefix}-${randomUUID().replaceAll('-', '').slice(0, 17)}`;
}
