import type { Cluster, Service, ServiceConnectConfiguration } from '@aws-sdk/client-ecs';
import { readServiceConnectDefaults } from '../clusters/configuration.ts';
import type { EcsState } from '../state.ts';

/** Service Connect as a service has it: where the request names no namespace, in the cluster's default one. */
export function withNamespace(cluster: Cluster, given: ServiceConnectConfiguration): ServiceConnectConfiguration {
  const namespace = given.namespace ?? cluster.serviceConnectDefaults?.namespace;
  return given.enabled && namespace !== undefined ? { ...given, namespace } : given;
}

/**
 * Whether a service is connected in a namespace.
 *
 * @param namespace its name or its ARN
 * @throws AwsError InvalidParameterException when it is malformed
 */
export function isInNamespace(state: EcsState, service: Service, namespace: string): boolean {
  const { enabled, namespace: own } = service.deployments?.[0]?.serviceConnectConfiguration ?? {};
  return enabled === true && own !== undefined && arnOf(state, own) === arnOf(state, namespace);
}

function arnOf(state: EcsState, namespace: string): string | undefined {
  return readServiceConnectDefaults(state, { namespace })?.namespace;
}
