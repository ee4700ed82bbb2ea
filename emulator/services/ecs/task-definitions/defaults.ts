import type { ContainerDefinition, HealthCheck, NetworkMode, PortMapping } from '@aws-sdk/client-ecs';

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
