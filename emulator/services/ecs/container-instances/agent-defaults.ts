import type { Attribute, Resource, VersionInfo } from '@aws-sdk/client-ecs';

/** The machine on which a container agent would run. */
export interface InstanceDescription {
  readonly instanceType: string;
  readonly availabilityZone: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly imageId: string;
}

/** What the agent of a c5.xlarge registers: four vCPU, and its memory less what the system keeps. */
export const defaultCpu = 4096;
/** MiB. */
export const defaultMemory = 7482;
export const defaultInstanceType = 'c5.xlarge';

/** The agent that simulated instances run. */
export const agentVersion: VersionInfo = {
  agentVersion: '1.98.0',
  agentHash: '0d4a5b1a',
  dockerVersion: 'DockerVersion: 25.0.8',
};

/**
 * The resources that an agent registers: a count each of CPU units and MiB, and the ports that the
 * machine itself holds (SSH, Docker's two, the agent's introspection and task endpoints).
 *
 * @param gpus ids of the GPUs; none leaves the resource out, as on machines without one
 */
export function agentResources(cpu: number, memory: number, gpus: readonly string[] = []): Resource[] {
  return [
    count('CPU', cpu),
    count('MEMORY', memory),
    set('PORTS', ['22', '2375', '2376', '51678', '51679']),
    set('PORTS_UDP', []),
    ...(gpus.length > 0 ? [set('GPU', gpus)] : []),
  ];
}

/** The attributes that ECS and the agent set at registration, before any custom one. */
export function agentAttributes(
  machine: InstanceDescription,
  network: { subnetId: string; vpcId: string },
): Attribute[] {
  return [...placementAttributes(machine, network), ...capabilityAttributes()];
}

/** The built-in attributes of the developer guide that describe the machine. */
export function placementAttributes(
  machine: InstanceDescription,
  network: { subnetId: string; vpcId: string },
): Attribute[] {
  return [
    { name: 'ecs.ami-id', value: machine.imageId },
    { name: 'ecs.availability-zone', value: machine.availabilityZone },
    { name: 'ecs.cpu-architecture', value: machine.architecture },
    { name: 'ecs.instance-type', value: machine.instanceType },
    { name: 'ecs.os-family', value: 'LINUX' },
    { name: 'ecs.os-type', value: 'linux' },
    { name: 'ecs.subnet-id', value: network.subnetId },
    { name: 'ecs.vpc-id', value: network.vpcId },
  ];
}

/** What the agent can do; a task definition's `requiresAttributes` name those that it needs. */
export function capabilityAttributes(): Attribute[] {
  const remoteApis = Array.from({ length: 28 }, (_, index) => `docker-remote-api.1.${17 + index}`);
  const logDrivers = ['awsfirelens', 'awslogs', 'fluentd', 'gelf', 'journald', 'json-file', 'none', 'splunk', 'syslog'];
  return [
    ...[
      'ecr-auth',
      'privileged-container',
      'selinux',
      'task-iam-role',
      'task-iam-role-network-host',
      ...remoteApis,
      ...logDrivers.map((driver) => `logging-driver.${driver}`),
    ].map((name) => `com.amazonaws.ecs.capability.${name}`),
    ...[
      'aws-appmesh',
      'container-health-check',
      'container-ordering',
      'container-restart-policy',
      'docker-plugin.local',
      'docker-volume-driver.local',
      'efs',
      'efsAuth',
      'env-files.s3',
      'execute-command',
      'execution-role-awslogs',
      'execution-role-ecr-pull',
      'fault-injection',
      'firelens.fluentbit',
      'firelens.fluentd',
      'firelens.options.config.file',
      'firelens.options.config.s3',
      'full-sync',
      'increased-task-cpu-limit',
      'logging-driver.awsfirelens.log-driver-buffer-limit',
      'pid-ipc-namespace-sharing',
      'private-registry-authentication.secretsmanager',
      'secrets.asm.bootstrap.log-driver',
      'secrets.asm.environment-variables',
      'secrets.ssm.bootstrap.log-driver',
      'secrets.ssm.environment-variables',
      'service-connect-v1',
      'storage.ebs-task-volume-attach',
      'task-cpu-mem-limit',
      'task-eia',
      'task-eni',
      'task-eni-block-instance-metadata',
    ].map((name) => `ecs.capability.${name}`),
  ].map((name) => ({ name }));
}

function count(name: string, value: number): Resource {
  return { name, type: 'INTEGER', integerValue: value };
}

function set(name: string, values: readonly string[]): Resource {
  return { name, type: 'STRINGSET', stringSetValue: [...values] };
}
