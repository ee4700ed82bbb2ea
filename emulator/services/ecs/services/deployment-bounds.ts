import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';

/** How many tasks of a service may run at one time while the scheduler replaces or removes some. */
export interface DeploymentBounds {
  /** As many healthy tasks the scheduler leaves alone. */
  readonly lower: number;
  /** So many tasks may be RUNNING or PENDING. */
  readonly upper: number;
}

/**
 * The bounds of a deployment (API reference, DeploymentConfiguration): the lower one is rounded up, the upper
 * one down, each of the desired count.
 *
 * @param desired the service's desired count
 */
export function deploymentBounds(
  desired: number,
  { minimumHealthyPercent = 100, maximumPercent = 200 }: DeploymentConfiguration,
): DeploymentBounds {
  return {
    lower: Math.ceil((desired * minimumHealthyPercent) / 100),
    upper: Math.floor((desired * maximumPercent) / 100),
  };
}
