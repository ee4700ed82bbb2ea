import type { ContainerDefinition, HealthCheck, LinuxParameters, NetworkMode } from '@aws-sdk/client-ecs';
import { client } from '../errors.ts';

/** What of the task the rules for one of its containers depend on. */
export interface ContainerContext {
  readonly networkMode: NetworkMode;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly executionRoleArn: string | undefined;
}

/**
 * Checks one container definition by itself: API reference, ContainerDefinition. Messages are those that
 * callers of AWS report; where none was found they are worded in the same way.
 *
 * @throws AwsError ClientException for the first rule that it breaks
 */
export function validateContainer(container: ContainerDefinition, context: ContainerContext): void {
  validateResources(container, context);
  validateTimeouts(container);
  validatePorts(container, context.networkMode);
  validateNetworkMembers(container, context.networkMode);
  if (container.healthCheck) validateHealthCheck(container.name, container.healthCheck);
  validateEnvironment(container, context);
  validateLogConfiguration(container);
  validateRestartPolicy(container);
  for (const { name = '', softLimit = 0, hardLimit = 0 } of container.ulimits ?? []) {
    if (softLimit > hardLimit && hardLimit !== -1) {
      throw client(
        `Invalid ulimit '${name}' for container '${container.name}'. softLimit cannot be greater than hardLimit.`,
      );
    }
  }
  if (container.linuxParameters) validateLinuxParameters(container.linuxParameters);
}

/**
 * Checks what a container is called and made of. ECS looks at this before anything else.
 *
 * @throws AwsError ClientException
 */
export function validateIdentity({ name, image }: ContainerDefinition): void {
  validateName(name);
  validateImage(image);
}

function validateName(name: string | undefined): void {
  if (!name) throw client('Container.name should not be null or empty.');
  if (!/^[\w-]+$/.test(name)) throw client('Container.name contains invalid characters.');
  if (name.length > 255) throw client('Container.name cannot be longer than 255 characters.');
}

function validateImage(image: string | undefined): void {
  if (!image) throw client('Container.image should not be null or empty.');
  if (!/^[\w\-:./#@]+$/.test(image)) throw client('Container.image contains invalid characters.');
  const [repository = '', digest] = image.split('@');
  if (repository.length > 255) throw client('Container.image repository should be 255 characters or less.');
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/i.test(digest)) {
    throw client('Container.image contains an invalid digest. The only supported hash function is sha256.');
  }
}

function validateResources(
  { name, cpu = 0, memory, memoryReservation }: ContainerDefinition,
  task: ContainerContext,
): void {
  const setting = `Invalid setting for container '${name}'.`;
  if (!task.memory && !memory && !memoryReservation) {
    throw client(`${setting} At least one of 'memory' or 'memoryReservation' must be specified.`);
  }
  if (cpu < 0) throw client(`${setting} 'cpu' must not be negative.`);
  // Docker itself refuses containers of less than 4 MiB.
  if ((memory && memory < 4) || (memoryReservation && memoryReservation < 4)) {
    throw client(`${setting} 'memory' and 'memoryReservation' must be at least 4.`);
  }
  if (memory && memoryReservation && memoryReservation > memory) {
    throw client(`${setting} 'memory' must be greater than or equal to 'memoryReservation'.`);
  }
  for (const [setting, value] of [
    ['memory', memory],
    ['memoryReservation', memoryReservation],
  ] as const) {
    if (task.memory !== undefined && value !== undefined && value > Number(task.memory)) {
      throw client(`The '${setting}' setting for container '${name}' is greater than for the task.`);
    }
  }
}

function validateTimeouts({ name, startTimeout, stopTimeout }: ContainerDefinition): void {
  if (startTimeout !== undefined && startTimeout < 2) {
    throw client(`Granular start timeout on container '${name}' must be at least 2 seconds.`);
  }
  if (stopTimeout !== undefined && stopTimeout < 2) {
    throw client(`Granular stop timeout on container '${name}' must be at least 2 seconds.`);
  }
}

function validatePorts({ name, portMappings = [] }: ContainerDefinition, mode: NetworkMode): void {
  if (mode === 'none' && portMappings.length > 0) {
    throw client('Port mappings are not supported when networkMode=none.');
  }
  const protocols = new Map<number, string>();
  for (const { containerPort, hostPort, containerPortRange, protocol = 'tcp' } of portMappings) {
    if (containerPortRange !== undefined) {
      validatePortRange(name, containerPortRange, containerPort ?? hostPort, mode);
      continue;
    }
    if (containerPort === undefined || containerPort < 1 || containerPort > 65_535) {
      throw client(`Invalid 'containerPort' setting for container '${name}'. It must be between 1 and 65535.`);
    }
    if (hostPort !== undefined && (hostPort < 0 || hostPort > 65_535)) {
      throw client(`Invalid 'hostPort' setting for container '${name}'. It must be between 0 and 65535.`);
    }
    if ((mode === 'awsvpc' || mode === 'host') && hostPort && hostPort !== containerPort) {
      throw client(`When networkMode=${mode}, the host ports and container ports in port mappings must match.`);
    }
    // PortMapping: "You can't expose the same container port for multiple protocols."
    const other = protocols.get(containerPort);
    if (other !== undefined && other !== protocol) {
      throw client(`Container port ${containerPort} is exposed for multiple protocols by container '${name}'.`);
    }
    protocols.set(containerPort, protocol);
  }
  for (const { name: portName } of portMappings) {
    if (portName !== undefined && !/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(portName)) {
      throw client(
        `Invalid port mapping name '${portName}'. Up to 64 lowercase letters, numbers, underscores and hyphens are allowed, and it cannot start with a hyphen.`,
      );
    }
  }
}

function validatePortRange(
  container: string | undefined,
  range: string,
  port: number | undefined,
  mode: NetworkMode,
): void {
  const [, first = '', last = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(range) ?? [];
  if (port !== undefined)
    throw client(`Invalid port mapping for container '${container}', cannot specify both single port and port range.`);
  if (mode !== 'bridge' && mode !== 'awsvpc') {
    throw client('containerPortRange is only supported when networkMode is bridge or awsvpc.');
  }
  if (first === '' || Number(first) < 1 || Number(last) > 65_535 || Number(first) >= Number(last)) {
    throw client(`Invalid 'containerPortRange' setting for container '${container}'.`);
  }
}

function validateNetworkMembers(
  { hostname, dnsServers, dnsSearchDomains, disableNetworking, extraHosts, links }: ContainerDefinition,
  mode: NetworkMode,
): void {
  if (links?.length && mode !== 'bridge') throw client(`Links are not supported when networkMode=${mode}.`);
  if (mode !== 'awsvpc') return;
  if (hostname) throw client('Hostname is not supported on container when networkMode=awsvpc.');
  if (dnsServers?.length) throw client('DNS servers are not supported on container when networkMode=awsvpc.');
  if (dnsSearchDomains?.length) {
    throw client('DNS search domains are not supported on container when networkMode=awsvpc.');
  }
  if (disableNetworking) throw client('Disable Networking is not supported on container when networkMode=awsvpc.');
  if (extraHosts?.length) throw client('Extra hosts are not supported on container when networkMode=awsvpc.');
}

/** API reference, HealthCheck. */
function validateHealthCheck(
  container: string | undefined,
  { command = [], interval, timeout, retries, startPeriod }: HealthCheck,
): void {
  if (command.length === 0) throw client('Health check command cannot be empty.');
  if (command[0] !== 'CMD' && command[0] !== 'CMD-SHELL') {
    throw client('Health check command must start with CMD or CMD-SHELL.');
  }
  if (command.length === 1) throw client(`Health check command must have something to run after ${command[0]}.`);
  const within = (name: string, value: number | undefined, least: number, most: number): void => {
    if (value === undefined) return;
    const problem =
      value < least
        ? `greater than or equal to the minimum allowed value ${least}`
        : value > most
          ? `less than or equal to the maximum allowed value ${most}`
          : undefined;
    if (problem) throw client(`Health check ${name} must be ${problem} for container '${container}'`);
  };
  within('interval', interval, 5, 300);
  within('timeout', timeout, 2, 60);
  within('retries', retries, 1, 10);
  within('startPeriod', startPeriod, 0, 300);
}

function validateEnvironment(
  {
    name: container,
    environment = [],
    environmentFiles = [],
    secrets = [],
    repositoryCredentials,
  }: ContainerDefinition,
  { executionRoleArn }: ContainerContext,
): void {
  const names = new Set(environment.map(({ name }) => name));
  for (const { name, valueFrom } of secrets) {
    if (!name || !valueFrom) throw client(`Each secret of container '${container}' must have a name and a valueFrom.`);
    if (names.has(name)) {
      throw client(
        `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${name}'.`,
      );
    }
    names.add(name);
  }
  if (secrets.length > 0 && !executionRoleArn) {
    throw client("When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.");
  }
  if (repositoryCredentials && !executionRoleArn) {
    throw client(
      "When you are specifying repository credentials, you must also specify a value for 'executionRoleArn'.",
    );
  }
  if (environmentFiles.length > 10)
    throw client('The maximum number of environment files was exceeded. Specify ten or less and try again.');
  for (const { value = '' } of environmentFiles) {
    if (!/^arn:aws[\w-]*:s3:::[^/]+\/.+$/.test(value)) {
      throw client('Invalid arn syntax.');
    }
    if (!value.endsWith('.env')) throw client(`The environment file '${value}' must have a .env file extension.`);
  }
}

function validateLogConfiguration({ logConfiguration }: ContainerDefinition): void {
  if (logConfiguration?.logDriver !== 'awslogs') return;
  const missing = ['awslogs-region', 'awslogs-group'].filter((option) => !logConfiguration.options?.[option]);
  if (missing.length > 0) throw client(`Log driver awslogs requires options: ${missing.join(', ')}`);
}

/** API reference, ContainerRestartPolicy. */
function validateRestartPolicy({ name, restartPolicy }: ContainerDefinition): void {
  if (!restartPolicy) return;
  const { enabled, restartAttemptPeriod = 300, ignoredExitCodes = [] } = restartPolicy;
  if (restartAttemptPeriod < 60 || restartAttemptPeriod > 1800) {
    throw client(`The 'restartAttemptPeriod' setting for container '${name}' must be between 60 and 1800.`);
  }
  if (ignoredExitCodes.length > 50) throw client(`Container '${name}' can ignore a maximum of 50 exit codes.`);
  if (enabled !== true && (restartPolicy.restartAttemptPeriod !== undefined || ignoredExitCodes.length > 0)) {
    throw client(`The restart policy of container '${name}' is not enabled, so nothing else of it can be specified.`);
  }
}

/** API reference, LinuxParameters. */
function validateLinuxParameters({ maxSwap, swappiness, sharedMemorySize, tmpfs = [] }: LinuxParameters): void {
  if (maxSwap !== undefined && maxSwap < 0) throw client('maxSwap must be 0 or any positive integer.');
  if (swappiness !== undefined && (swappiness < 0 || swappiness > 100)) {
    throw client('swappiness must be between 0 and 100.');
  }
  if (sharedMemorySize !== undefined && sharedMemorySize <= 0) throw client('sharedMemorySize must be greater than 0.');
  for (const { containerPath, size = 0 } of tmpfs) {
    if (!containerPath?.startsWith('/')) throw client('The containerPath of a tmpfs mount must be absolute.');
    if (size <= 0) throw client('The size of a tmpfs mount must be greater than 0.');
  }
}
