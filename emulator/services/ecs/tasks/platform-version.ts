import type { LaunchType, TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import { AwsError } from '../../../service.ts';

/** The Linux platform versions of Fargate that can still be launched; LATEST is the first. */
const PLATFORM_VERSIONS = ['1.4.0', '1.3.0'];

/**
 * The platform version that a task runs on.
 *
 * @returns undefined for a task that does not run on Fargate
 * @throws AwsError InvalidParameterException, PlatformUnknownException or
 *   PlatformTaskDefinitionIncompatibilityException
 */
export function choosePlatformVersion(
  requested: string | undefined,
  launchType: LaunchType,
  definition: TaskDefinition,
  overrides: TaskOverride | undefined,
): string | undefined {
  if (launchType !== 'FARGATE') {
    if (requested === undefined || requested === '') return undefined;
    throw new AwsError(
      'InvalidParameterException',
      `The platform version must be null when specifying an ${launchType} launch type.`,
    );
  }
  const version = !requested || requested === 'LATEST' ? PLATFORM_VERSIONS[0] : requested;
  if (version === undefined || !PLATFORM_VERSIONS.includes(version)) {
    throw new AwsError('PlatformUnknownException', `The specified platform version ${requested} does not exist.`);
  }
  if (version === '1.3.0' && needsNewerPlatform(definition, overrides)) {
    throw new AwsError(
      'PlatformTaskDefinitionIncompatibilityException',
      'One or more of the requested capabilities are not supported.',
    );
  }
  return version;
}

/** `Linux`, or the Windows family in the spelling that ECS answers with. */
export function platformFamily(definition: TaskDefinition): string {
  const family = definition.runtimePlatform?.operatingSystemFamily;
  return family === undefined || family === 'LINUX' ? 'Linux' : family;
}

// EFS volumes and a larger ephemeral storage came with 1.4.0.
function needsNewerPlatform(definition: TaskDefinition, overrides: TaskOverride | undefined): boolean {
  const storage = overrides?.ephemeralStorage ?? definition.ephemeralStorage;
  return storage !== undefined || (definition.volumes ?? []).some((volume) => volume.efsVolumeConfiguration);
}
