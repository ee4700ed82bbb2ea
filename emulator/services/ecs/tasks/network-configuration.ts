import type { LaunchType, NetworkConfiguration, TaskDefinition } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';

/**
 * Checks a network configuration against the task definition's network mode. Subnets and security groups
 * that were never seen are taken as they are.
 *
 * @throws AwsError InvalidParameterException
 */
export function validateNetwork(
  definition: TaskDefinition,
  network: NetworkConfiguration | undefined,
  launchType: LaunchType,
): void {
  const vpc = network?.awsvpcConfiguration;
  if (definition.networkMode !== 'awsvpc') {
    if (vpc)
      throw invalidParameter('Network Configuration is not valid for the given networkMode of this task definition.');
    return;
  }
  if (!vpc) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  const { subnets = [], securityGroups = [] } = vpc;
  if (subnets.length === 0) throw invalidParameter('subnets can not be empty.');
  if (subnets.length > 16) throw invalidParameter('subnets can have at most 16 items.');
  if (securityGroups.length > 5) throw invalidParameter('securityGroups can have at most 5 items.');
  if (launchType !== 'FARGATE' && vpc.assignPublicIp === 'ENABLED') {
    throw invalidParameter('Assign public IP is not supported for this launch type.');
  }
}
