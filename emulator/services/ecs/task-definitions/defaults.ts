import type { ContainerDefinition, HealthCheck, NetworkMode, PortMapping, Volume } from '@aws-sdk/client-ecs';

/**
 * A container definition as ECS answers with it: what was left out is there with its default.
 *
 * @param mode decides what a port mapping without a host port means
 */
export function withContainerDefaults(container: ContainerDefinition, mode: NetworkMode): ContainerDefinition {
  const { healthCheck, restartPolicy } = container;
  return {
    ...container,
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    portMappings: (container.portMappings ?? []).map((mapping) => withPortDefaults(mapping, mode)),
    environment: container.environment ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: container.systemControls ?? [],
    ...(healthCheck && { healthCheck: withHealthCheckDefaults(healthCheck) }),
    ...(restartPolicy?.enabled && {
      restartPolicy: { ...restartPolicy, restartAttemptPeriod: restartPolicy.restartAttemptPeriod ?? 300 },
    }),
  };
}

/**
 * A volume as ECS answers with it: a bind mount without a path has an empty `host`, and an EFS volume
 * without a root directory the file system's own root.
 *
 * Source: API reference, EFSVolumeConfiguration: "Specifying / will have the same effect as omitting
 * this parameter"; ECS adds it to what was registered without.
 */
export function withVolumeDefaults(volume: Volume): Volume {
  const { efsVolumeConfiguration: efs } = volume;
  if (efs) return { ...volume, efsVolumeConfiguration: { ...efs, rootDirectory: efs.rootDirectory ?? '/' } };
  return hasKind(volume) ? volume : { ...volume, host: {} };
}

/** In the modes that share a network stack the host port is the container's; in bridge mode 0 means any. */
function withPortDefaults(mapping: PortMapping, mode: NetworkMode): PortMapping {
  const protocol = mapping.protocol ?? 'tcp';
  if (mapping.containerPortRange !== undefined) return { ...mapping, protocol };
  const sharesPorts = mode === 'awsvpc' || mode === 'host';
  return { ...mapping, hostPort: mapping.hostPort || (sharesPorts ? mapping.containerPort : 0), protocol };
}

function withHealthCheckDefaults(check: HealthCheck): HealthCheck {
  return {
    ...check,
    interval: check.interval ?? 30,
    timeout: check.timeout ?? 5,
    retries: check.retries ?? 3,
  };
}

function hasKind(volume: object): boolean {
  return Object.entries(volume).some(([member, value]) => member !== 'name' && value !== undefined && value !== false);
}
