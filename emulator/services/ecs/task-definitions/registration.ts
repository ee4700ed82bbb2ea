import type {
  Compatibility,
  ProxyConfiguration,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { validateConstraints } from '../container-instances/placement-rules.ts';
import { client } from '../errors.ts';
import { validateContainer, validateIdentity } from './container-rules.ts';
import { withContainerDefaults, withVolumeDefaults } from './defaults.ts';
import { fargateProblem } from './fargate-rules.ts';
import { validateReferences } from './reference-rules.ts';
import { requiredAttributes } from './required-attributes.ts';
import { readTaskSize, type TaskSize } from './task-size.ts';

/**
 * Checks RegisterTaskDefinition's input and fills in what ECS fills in.
 *
 * @returns the task definition without what only registering gives it: ARN, revision, status, dates
 * @throws AwsError ClientException for the first rule that it breaks
 */
export function readDefinition(input: RegisterTaskDefinitionRequest): TaskDefinition & { family: string } {
  const { family = '', containerDefinitions = [], volumes = [], networkMode = 'bridge' } = input;
  const { requiresCompatibilities = [], executionRoleArn } = input;
  validateFamily(family);
  if (containerDefinitions.length === 0) throw client('Container list cannot be empty.');
  if (containerDefinitions.length > 10) throw client('Too many containers.');
  for (const container of containerDefinitions) validateIdentity(container);
  const size = readTaskSize(input);
  const refusal = fargateProblem(input, size);
  if (requiresCompatibilities.includes('FARGATE') && refusal !== undefined && isAboutTask(input, size))
    throw client(refusal);
  for (const container of containerDefinitions) {
    validateContainer(container, { networkMode, executionRoleArn, ...size });
  }
  if (containerDefinitions.every(({ essential }) => essential === false)) {
    throw client("Task definition doesn't have any essential container.");
  }
  validateReferences(containerDefinitions, volumes, networkMode);
  validateSums(input, size);
  validateTaskMembers(input);
  if (requiresCompatibilities.includes('FARGATE') && refusal !== undefined) throw client(refusal);
  if (requiresCompatibilities.includes('EXTERNAL') && networkMode === 'awsvpc') {
    throw client('External launch type does not support network mode awsvpc.');
  }

  const { tags: _tags, ...members } = input;
  const definition: TaskDefinition & { family: string } = {
    ...members,
    family,
    networkMode,
    containerDefinitions: containerDefinitions.map((container) => withContainerDefaults(container, networkMode)),
    volumes: volumes.map(withVolumeDefaults),
    placementConstraints: input.placementConstraints ?? [],
    compatibilities: compatibilitiesOf(networkMode, refusal === undefined, requiresCompatibilities),
  };
  if (requiresCompatibilities.length === 0) delete definition.requiresCompatibilities;
  if (size.cpu !== undefined) definition.cpu = size.cpu;
  if (size.memory !== undefined) definition.memory = size.memory;
  definition.requiresAttributes = requiredAttributes(definition);
  return definition;
}

function validateFamily(family: string): void {
  if (family === '') throw client('Family should not be null or empty.');
  if (!/^[\w-]+$/.test(family)) throw client('Family contains invalid characters.');
  if (family.length > 255) throw client('Family cannot be longer than 255 characters.');
}

/** Fargate's demands on the task as a whole come before the rules for its containers, the others after. */
function isAboutTask({ networkMode }: RegisterTaskDefinitionRequest, { cpu, memory }: TaskSize): boolean {
  return networkMode !== 'awsvpc' || cpu === undefined || memory === undefined;
}

function validateSums({ containerDefinitions = [] }: RegisterTaskDefinitionRequest, { cpu, memory }: TaskSize): void {
  const sum = (values: readonly (number | undefined)[]) =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  if (cpu !== undefined && sum(containerDefinitions.map((container) => container.cpu)) > Number(cpu)) {
    throw client("The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.");
  }
  const reserved = sum(containerDefinitions.map(({ memoryReservation }) => memoryReservation));
  if (memory !== undefined && reserved > Number(memory)) {
    throw client(
      "The sum of all container 'memoryReservation' values cannot be greater than the value of the task 'memory'.",
    );
  }
}

function validateTaskMembers(input: RegisterTaskDefinitionRequest): void {
  const { ephemeralStorage, proxyConfiguration } = input;
  // Amazon Elastic Inference is no longer available.
  if (input.inferenceAccelerators?.length) throw client("Unsupported field 'inferenceAccelerators'.");
  if (input.placementConstraints) validateConstraints(input.placementConstraints);
  if (ephemeralStorage) {
    const { sizeInGiB = 0 } = ephemeralStorage;
    if (sizeInGiB < 21) throw client('EphemeralStorage size should be at least 21');
    if (sizeInGiB > 200) throw client('EphemeralStorage size should be at most 200');
    if (input.requiresCompatibilities?.includes('EC2')) {
      throw client('Tasks using the EC2 launch type do not support EphemeralStorage.');
    }
  }
  if (proxyConfiguration) validateProxy(input, proxyConfiguration);
}

/** API reference, ProxyConfiguration. */
function validateProxy(
  { networkMode, containerDefinitions = [] }: RegisterTaskDefinitionRequest,
  { containerName, properties = [] }: ProxyConfiguration,
): void {
  if (networkMode !== 'awsvpc') throw client('APPMESH proxy configuration is only supported in networkMode=awsvpc');
  if (!containerDefinitions.some(({ name }) => name === containerName)) {
    throw client(`Proxy container [${containerName}] does not exist.`);
  }
  const given = new Set(properties.filter(({ value }) => value).map(({ name }) => name));
  if (!given.has('ProxyIngressPort')) throw client('Ingress port not found');
  const missing = ['AppPorts', 'ProxyEgressPort'].filter((name) => !given.has(name));
  if (missing.length > 0) throw client(`The proxy configuration requires the properties: ${missing.join(', ')}.`);
  if (!given.has('IgnoredUID') && !given.has('IgnoredGID')) {
    throw client('The proxy configuration requires one of the properties IgnoredUID and IgnoredGID.');
  }
}

/**
 * ECS Anywhere has no network interfaces to give to tasks, and Fargate nothing else. What is required
 * has been validated, so it is among them.
 */
function compatibilitiesOf(
  networkMode: string,
  onFargate: boolean,
  required: readonly Compatibility[],
): Compatibility[] {
  const found: Compatibility[] = networkMode === 'awsvpc' ? ['EC2'] : ['EXTERNAL', 'EC2'];
  if (onFargate) found.push('FARGATE');
  return [...new Set([...found, ...required])];
}
