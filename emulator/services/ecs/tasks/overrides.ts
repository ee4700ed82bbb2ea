import type { TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import { AwsError } from '../../../service.ts';

/** Characters of JSON that RunTask takes as overrides (API reference, RunTask). */
const MAXIMUM_LENGTH = 8192;

/**
 * Checks RunTask's overrides and puts them into the form in which ECS describes them: one entry for each
 * container of the definition, in its order.
 *
 * @throws AwsError InvalidParameterException
 */
export function readOverrides(definition: TaskDefinition, overrides: TaskOverride = {}): TaskOverride {
  const names = (definition.containerDefinitions ?? []).map(({ name }) => name);
  for (const { name } of overrides.containerOverrides ?? []) {
    if (!names.includes(name)) {
      refuse(`Override for container named ${name ?? 'null'} is not a container in the TaskDefinition.`);
    }
  }
  if (JSON.stringify(overrides).length > MAXIMUM_LENGTH) {
    refuse(`Container Overrides length must be at most ${MAXIMUM_LENGTH}`);
  }
  const storage = overrides.ephemeralStorage?.sizeInGiB;
  if (storage !== undefined && (storage < 21 || storage > 200)) {
    refuse('Ephemeral storage size must be between 21 and 200 GiB.');
  }
  return {
    ...overrides,
    ...(overrides.cpu !== undefined && { cpu: units(overrides.cpu, /^([\d.]+)\s*vcpu$/i, 'cpu') }),
    ...(overrides.memory !== undefined && { memory: units(overrides.memory, /^([\d.]+)\s*gb$/i, 'memory') }),
    containerOverrides: names.map(
      (name) => overrides.containerOverrides?.find((candidate) => candidate.name === name) ?? { name },
    ),
    inferenceAcceleratorOverrides: overrides.inferenceAcceleratorOverrides ?? [],
  };
}

/** A size as a plain number of CPU units or MiB: `1 vCPU` and `2GB` count in thousands of 1024. */
function units(text: string, inThousands: RegExp, setting: string): string {
  if (/^\d+$/.test(text)) return text;
  const match = inThousands.exec(text.trim());
  if (!match) refuse(`Invalid '${setting}' setting for task.`);
  return String(Number(match?.[1]) * 1024);
}

function refuse(message: string): void {
  throw new AwsError('InvalidParameterException', message);
}
