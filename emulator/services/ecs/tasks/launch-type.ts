import type { ContainerInstance, LaunchType, TaskDefinition } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';

/**
 * Checks that a task of this definition can run on a launch type. Registering a task definition finds its
 * `compatibilities`; what it requires is among them.
 *
 * @throws AwsError InvalidParameterException
 */
export function requireLaunchType({ compatibilities = [] }: TaskDefinition, launchType: LaunchType): void {
  if (!compatibilities.includes(launchType)) {
    throw invalidParameter(`Task definition does not support launch_type ${launchType}.`);
  }
}

/**
 * The launch type of tasks on a container instance. A machine of ECS Anywhere is known by its id as a managed
 * node of Systems Manager, which begins with `mi-` (developer guide, "Amazon ECS clusters for the external
 * launch type").
 */
export function launchTypeOn({ ec2InstanceId }: ContainerInstance): 'EC2' | 'EXTERNAL' {
  return ec2InstanceId?.startsWith('mi-') ? 'EXTERNAL' : 'EC2';
}
