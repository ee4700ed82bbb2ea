import type { Container, ContainerDefinition, Volume } from '@aws-sdk/client-ecs';
import type { EcsState, TaskRecord } from '../state.ts';
import { nameOf } from '../arns.ts';
import { prefixedStream } from './awslogs-driver.ts';
import { clusterForAgent, containerLabels, containerLimits } from './container-spec.ts';
import { networkInterfaceOf } from './task-network.ts';

/**
 * A container as the task metadata endpoint version 4 describes it
 * (developer guide, "Amazon ECS task metadata v4 JSON response"). A field of which nothing is known is left
 * out, as the agent does.
 */
export function containerMetadata(record: TaskRecord, name: string): Record<string, unknown> {
  const { task, definition: taskDefinition } = record;
  const definition = taskDefinition.containerDefinitions?.find((candidate) => candidate.name === name) ?? {};
  const container = task.containers?.find((candidate) => candidate.name === name) ?? {};
  const details = record.containerDetails.get(name);
  const limits = containerLimits(taskDefinition, definition, task.overrides);
  return defined({
    DockerId: container.runtimeId ?? '',
    Name: name,
    DockerName: dockerName(record, name),
    Image: definition.image,
    ImageID: container.imageDigest,
    Ports: portsOf(container, definition),
    Labels: containerLabels(record, definition),
    DesiredStatus: task.desiredStatus,
    KnownStatus: knownStatus(container, details?.createdAt),
    ExitCode: container.exitCode,
    Limits: { CPU: limits.cpu ?? 0, Memory: limits.memory ?? 0 },
    CreatedAt: details?.createdAt,
    StartedAt: details?.startedAt,
    FinishedAt: details?.finishedAt,
    Type: 'NORMAL',
    Health: healthOf(definition, container, details?.healthStatusSince),
    Volumes: volumesOf(taskDefinition.volumes ?? [], definition),
    LogDriver: definition.logConfiguration?.logDriver,
    LogOptions: logOptions(record, definition),
    ContainerARN: container.containerArn,
    Networks: [networkOf(record, container)],
    RestartCount: definition.restartPolicy?.enabled ? (details?.restartCount ?? 0) : undefined,
  });
}

/** A task as the endpoint's `/task` describes it; its tags besides for `/taskWithTags`. */
export function taskMetadata(
  state: EcsState,
  record: TaskRecord,
  options: { readonly withTags: boolean },
): Record<string, unknown> {
  const { task, definition } = record;
  const fargate = task.launchType === 'FARGATE';
  const tags = options.withTags ? (state.tags.get(task.taskArn) ?? []) : [];
  return defined({
    Cluster: clusterForAgent(record),
    VPCID: fargate ? undefined : vpcOf(state, task.containerInstanceArn),
    TaskARN: task.taskArn,
    Family: definition.family,
    Revision: String(definition.revision ?? ''),
    ServiceName: record.serviceName,
    DesiredStatus: task.desiredStatus,
    KnownStatus: taskKnownStatus(task.lastStatus),
    // Only a size that the task itself was given counts, not the sum of its containers.
    Limits: taskLimits(task.overrides?.cpu ?? definition.cpu, task.overrides?.memory ?? definition.memory),
    PullStartedAt: task.pullStartedAt,
    PullStoppedAt: task.pullStoppedAt,
    ExecutionStoppedAt: task.executionStoppedAt,
    AvailabilityZone: task.availabilityZone,
    LaunchType: task.launchType,
    TaskTags: tags.length > 0 ? Object.fromEntries(tags.map(({ key, value }) => [key, value ?? ''])) : undefined,
    Containers: (definition.containerDefinitions ?? []).map(({ name }) => containerMetadata(record, name ?? '')),
    // The reference is the clock that the emulator itself runs by.
    ClockDrift: fargate
      ? {
          ClockErrorBound: 0,
          ReferenceTimestamp: new Date(state.dependencies.clock.now()),
          ClockSynchronizationStatus: 'SYNCHRONIZED',
        }
      : undefined,
  });
}

function taskLimits(cpu: string | undefined, memory: string | undefined): Record<string, number> | undefined {
  if (cpu === undefined && memory === undefined) return undefined;
  return {
    ...(cpu !== undefined && { CPU: Number(cpu) / 1024 }),
    ...(memory !== undefined && { Memory: Number(memory) }),
  };
}

/** The agent knows fewer states than the control plane. */
function taskKnownStatus(status: string | undefined): string {
  if (['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(status ?? '')) return 'CREATED';
  return ['DEPROVISIONING', 'STOPPED'].includes(status ?? '') ? 'STOPPED' : 'RUNNING';
}

function knownStatus(container: Container, createdAt: Date | undefined): string {
  if (container.lastStatus === 'PENDING') return createdAt ? 'CREATED' : 'PULLED';
  return container.lastStatus ?? 'NONE';
}

/** As in the developer guide's examples, for EC2 and for Fargate. */
function dockerName(record: TaskRecord, name: string): string {
  if (record.task.launchType === 'FARGATE') return name;
  const { family, revision } = record.definition;
  const taskId = nameOf(record.task.taskArn);
  return `ecs-${family}-${revision}-${name}-${taskId.slice(0, 20)}`;
}

/** What the agent gives to the log driver: the name of the stream in place of its prefix. */
function logOptions(record: TaskRecord, definition: ContainerDefinition): Record<string, string> | undefined {
  const { logDriver, options } = definition.logConfiguration ?? {};
  if (logDriver !== 'awslogs' || !options) return options;
  const { 'awslogs-stream-prefix': _prefix, ...others } = options;
  const stream = prefixedStream(options, {
    containerName: definition.name ?? '',
    taskId: nameOf(record.task.taskArn),
  });
  return stream === undefined ? others : { ...others, 'awslogs-stream': stream };
}

function vpcOf(state: EcsState, containerInstanceArn = ''): string | undefined {
  return state.containerInstances.get(containerInstanceArn)?.attributes.get('ecs.vpc-id')?.value;
}

function healthOf(definition: ContainerDefinition, container: Container, since: Date | undefined): unknown {
  if (!definition.healthCheck?.command?.length) return undefined;
  return defined({ status: container.healthStatus ?? 'UNKNOWN', statusSince: since });
}

function portsOf(container: Container, definition: ContainerDefinition): unknown {
  const bindings = container.networkBindings ?? [];
  const ports = (definition.portMappings ?? []).map((mapping) => {
    const binding = bindings.find((candidate) => candidate.containerPort === mapping.containerPort);
    return defined({
      ContainerPort: mapping.containerPort,
      Protocol: mapping.protocol ?? 'tcp',
      HostPort: binding?.hostPort,
      HostIp: binding?.bindIP,
    });
  });
  return ports.length > 0 ? ports : undefined;
}

function volumesOf(volumes: readonly Volume[], definition: ContainerDefinition): unknown {
  const mounted = (definition.mountPoints ?? []).map((mount) =>
    defined({
      Source: volumes.find(({ name }) => name === mount.sourceVolume)?.host?.sourcePath,
      Destination: mount.containerPath,
    }),
  );
  return mounted.length > 0 ? mounted : undefined;
}

function networkOf(record: TaskRecord, container: Container): Record<string, unknown> {
  const { task, definition } = record;
  const detail = (name: string): string | undefined =>
    networkInterfaceOf(task)?.details?.find((candidate) => candidate.name === name)?.value;
  const own = record.containerDetails.get(container.name ?? '')?.privateIpv4Address;
  const address = container.networkInterfaces?.[0]?.privateIpv4Address ?? own;
  return defined({
    NetworkMode: definition.networkMode ?? 'bridge',
    IPv4Addresses: address === undefined ? undefined : [address],
    AttachmentIndex: definition.networkMode === 'awsvpc' ? 0 : undefined,
    MACAddress: detail('macAddress'),
    PrivateDNSName: detail('privateDnsName'),
  });
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
