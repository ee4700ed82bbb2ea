import { randomUUID } from 'node:crypto';
import type { Attribute, RegisterContainerInstanceRequest, Resource, VersionInfo } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { containerInstanceArn, newId } from '../arns.ts';
import type { ContainerInstanceRecord, EcsState } from '../state.ts';
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
export type RegistrationState = Pick<EcsState, 'region' | 'containerInstances'> & {
  readonly dependencies: Pick<EcsState['dependencies'], 'account' | 'clock'>;
};

/** What an agent says of itself and its machine when it registers. */
export interface Registration {
  readonly clusterName: string;
  readonly machine: InstanceDescription & { readonly instanceId: string };
  readonly resources: readonly Resource[];
  readonly attributes: readonly Attribute[];
  readonly versionInfo: VersionInfo;
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
  /** Custom attributes, besides those that every agent registers. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** Puts a container instance into the state, ACTIVE and with its agent connected. */
export function registerInstance(state: RegistrationState, registration: Registration): ContainerInstanceRecord {
  const { clusterName, machine, resources, attributes, versionInfo } = registration;
  const record: ContainerInstanceRecord = {
    instance: {
      containerInstanceArn: containerInstanceArn(state, clusterName, newId()),
      ec2InstanceId: machine.instanceId,
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

/** Adds simulated machines to a cluster, each with the resources and attributes that a real agent registers. */
export function addContainerInstances(
  state: RegistrationState,
  options: SimulatedInstances,
): ContainerInstanceRecord[] {
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
    });
  });
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
