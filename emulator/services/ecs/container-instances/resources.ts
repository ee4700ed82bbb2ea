import type { Resource, TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import type { ContainerInstanceRecord } from '../state.ts';

/** What one task takes from the container instance that it runs on. */
export interface TaskResources {
  /** CPU units; 1024 are one vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Host ports that are fixed; dynamic ones (hostPort 0) take nothing in advance. */
  readonly ports: readonly number[];
  readonly udpPorts: readonly number[];
  readonly gpus: number;
}

/** The reasons that RunTask and StartTask give for a resource that an instance lacks. */
export type ResourceFailure = 'RESOURCE:CPU' | 'RESOURCE:MEMORY' | 'RESOURCE:PORTS' | 'RESOURCE:GPU';

/**
 * What a task of this definition needs of a container instance, as the developer guide counts it: the
 * task's own size when it has one, otherwise the sum of its containers, each with its soft memory limit
 * where there is one.
 *
 * @param definition as it was registered, its size in digits
 * @param overrides RunTask's, as `readOverrides` returns them; they replace the definition's values one by one
 */
export function taskResources(definition: TaskDefinition, overrides: TaskOverride = {}): TaskResources {
  const containers = (definition.containerDefinitions ?? []).map((container) => {
    const override = overrides.containerOverrides?.find(({ name }) => name === container.name);
    return {
      cpu: override?.cpu ?? container.cpu ?? 0,
      memory: override?.memoryReservation ?? container.memoryReservation ?? override?.memory ?? container.memory ?? 0,
      gpus: gpuCount(override?.resourceRequirements ?? container.resourceRequirements),
      portMappings: container.portMappings ?? [],
    };
  });
  const hostPorts = (protocol: 'tcp' | 'udp') =>
    containers
      .flatMap(({ portMappings }) => portMappings)
      .filter((mapping) => (mapping.protocol ?? 'tcp') === protocol)
      .map((mapping) => fixedHostPort(mapping, definition.networkMode))
      .filter((port) => port > 0);
  return {
    cpu: Number(overrides.cpu ?? definition.cpu ?? sum(containers.map(({ cpu }) => cpu))),
    memory: Number(overrides.memory ?? definition.memory ?? sum(containers.map(({ memory }) => memory))),
    ports: hostPorts('tcp'),
    udpPorts: hostPorts('udp'),
    gpus: sum(containers.map(({ gpus }) => gpus)),
  };
}

/** The first resource that the instance has too little of, in the order in which ECS reports them; none when all fits. */
export function missingResource(record: ContainerInstanceRecord, needed: TaskResources): ResourceFailure | undefined {
  if (remainingCount(record, 'CPU') < needed.cpu) return 'RESOURCE:CPU';
  if (remainingCount(record, 'MEMORY') < needed.memory) return 'RESOURCE:MEMORY';
  if (clash(needed.ports, usedPorts(record, 'PORTS')) || clash(needed.udpPorts, usedPorts(record, 'PORTS_UDP'))) {
    return 'RESOURCE:PORTS';
  }
  if ((remaining(record, 'GPU')?.stringSetValue?.length ?? 0) < needed.gpus) return 'RESOURCE:GPU';
  return undefined;
}

/** Takes a task's resources from the instance; `missingResource` said before that they are there. */
export function reserve(record: ContainerInstanceRecord, resources: TaskResources): void {
  addCount(record, 'CPU', -resources.cpu);
  addCount(record, 'MEMORY', -resources.memory);
  setPorts(record, 'PORTS', (used) => [...used, ...resources.ports.map(String)]);
  setPorts(record, 'PORTS_UDP', (used) => [...used, ...resources.udpPorts.map(String)]);
  const gpus = remaining(record, 'GPU');
  if (gpus) gpus.stringSetValue = (gpus.stringSetValue ?? []).slice(resources.gpus);
  changed(record);
}

/** Gives back what `reserve` took, once the task is STOPPED. */
export function release(record: ContainerInstanceRecord, resources: TaskResources): void {
  addCount(record, 'CPU', resources.cpu);
  addCount(record, 'MEMORY', resources.memory);
  const freed = new Set(resources.ports.map(String));
  const freedUdp = new Set(resources.udpPorts.map(String));
  setPorts(record, 'PORTS', (used) => used.filter((port) => !freed.has(port)));
  setPorts(record, 'PORTS_UDP', (used) => used.filter((port) => !freedUdp.has(port)));
  const gpus = remaining(record, 'GPU');
  if (gpus && resources.gpus > 0) {
    // Which of them the task held makes no difference: an id is only a token here.
    const free = gpus.stringSetValue ?? [];
    const held = (find(record.instance.registeredResources, 'GPU')?.stringSetValue ?? []).filter(
      (id) => !free.includes(id),
    );
    gpus.stringSetValue = [...free, ...held.slice(0, resources.gpus)];
  }
  changed(record);
}

/** The remaining amount of a resource that is a number, e.g. `CPU`; 0 when the instance has none. */
export function remainingCount(record: ContainerInstanceRecord, name: 'CPU' | 'MEMORY'): number {
  return remaining(record, name)?.integerValue ?? 0;
}

function gpuCount(requirements: readonly { type?: string | undefined; value?: string | undefined }[] = []): number {
  return sum(requirements.filter(({ type }) => type === 'GPU').map(({ value }) => Number(value ?? 0)));
}

function fixedHostPort(
  mapping: { hostPort?: number | undefined; containerPort?: number | undefined },
  networkMode: string | undefined,
): number {
  if (networkMode === 'awsvpc' || networkMode === 'none') return 0;
  if (networkMode === 'host') return mapping.hostPort ?? mapping.containerPort ?? 0;
  return mapping.hostPort ?? 0;
}

function find(resources: readonly Resource[] | undefined, name: string): Resource | undefined {
  return resources?.find((resource) => resource.name === name);
}

function remaining(record: ContainerInstanceRecord, name: string): Resource | undefined {
  return find(record.instance.remainingResources, name);
}

function usedPorts(record: ContainerInstanceRecord, name: 'PORTS' | 'PORTS_UDP'): ReadonlySet<string> {
  return new Set(remaining(record, name)?.stringSetValue);
}

function clash(wanted: readonly number[], used: ReadonlySet<string>): boolean {
  return wanted.some((port) => used.has(String(port)));
}

function addCount(record: ContainerInstanceRecord, name: 'CPU' | 'MEMORY', amount: number): void {
  const resource = remaining(record, name);
  if (resource) resource.integerValue = (resource.integerValue ?? 0) + amount;
}

function setPorts(
  record: ContainerInstanceRecord,
  name: 'PORTS' | 'PORTS_UDP',
  change: (used: readonly string[]) => string[],
): void {
  const resource = remaining(record, name);
  if (resource) resource.stringSetValue = change(resource.stringSetValue ?? []);
}

/** The version counts every change that would send an event. */
function changed(record: ContainerInstanceRecord): void {
  record.instance.version = (record.instance.version ?? 0) + 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
