import type { LaunchType, TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import { client, invalidParameter } from '../errors.ts';
import { isFargateSize, readTaskSize } from '../task-definitions/task-size.ts';

/** Characters of JSON that RunTask takes as overrides (API reference, RunTask). */
const MAXIMUM_LENGTH = 8192;

/**
 * Checks RunTask's overrides and puts them into the form in which ECS describes them: one entry for each
 * container of the definition, in its order.
 *
 * @throws AwsError InvalidParameterException, or ClientException for a size that is none, or none of Fargate's
 */
export function readOverrides(
  definition: TaskDefinition,
  overrides: TaskOverride = {},
  launchType: LaunchType = 'EC2',
): TaskOverride {
  const names = (definition.containerDefinitions ?? []).map(({ name }) => name);
  for (const { name } of overrides.containerOverrides ?? []) {
    if (!names.includes(name)) {
      throw invalidParameter(
        `Override for container named ${name ?? 'null'} is not a container in the TaskDefinition.`,
      );
    }
  }
  if (JSON.stringify(overrides).length > MAXIMUM_LENGTH) {
    throw invalidParameter(`Container Overrides length must be at most ${MAXIMUM_LENGTH}`);
  }
  const storage = overrides.ephemeralStorage?.sizeInGiB;
  if (storage !== undefined && (storage < 21 || storage > 200)) {
    throw invalidParameter('Ephemeral storage size must be between 21 and 200 GiB.');
  }
  const size = readTaskSize(overrides);
  const { cpu = definition.cpu, memory = definition.memory } = size;
  if (launchType === 'FARGATE' && cpu !== undefined && memory !== undefined && !isFargateSize(cpu, memory)) {
    throw client(`No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory.`);
  }
  return {
    ...overrides,
    ...size,
    containerOverrides: names.map(
      (name) => overrides.containerOverrides?.find((candidate) => candidate.name === name) ?? { name },
    ),
    inferenceAcceleratorOverrides: overrides.inferenceAcceleratorOverrides ?? [],
  };
}
