import type { Service } from '@aws-sdk/client-ecs';
import { serviceArn } from '../arns.ts';
import { serviceNotFound } from '../errors.ts';
import type { EcsState, ServiceRecord } from '../state.ts';

/**
 * Finds a service of a cluster, whatever its status.
 *
 * @param reference its name or its ARN
 */
export function findService(state: EcsState, clusterName: string, reference: string): ServiceRecord | undefined {
  return state.services.get(referencedServiceArn(state, clusterName, reference));
}

/**
 * Finds a service that a call cannot do without.
 *
 * @throws AwsError ServiceNotFoundException
 */
export function requireService(state: EcsState, clusterName: string, reference: string): ServiceRecord {
  const record = findService(state, clusterName, reference);
  if (!record) throw serviceNotFound();
  return record;
}

/** The ARN of a service that is given by name or by ARN; ARNs in the old format lack the cluster's name. */
function referencedServiceArn(state: EcsState, clusterName: string, reference: string): string {
  const old = /^arn:.+:service\/(?<name>[^/]+)$/.exec(reference)?.groups?.['name'];
  if (reference.startsWith('arn:') && old === undefined) return reference;
  return serviceArn(state, clusterName, old ?? reference);
}

/** The services of a cluster that ListServices shows: a service that is being deleted is gone from there. */
export function activeServices(state: EcsState, clusterArn?: string): (Service & { serviceArn: string })[] {
  return [...state.services.values()]
    .map(({ service }) => service)
    .filter(
      (service) => service.status === 'ACTIVE' && (clusterArn === undefined || service.clusterArn === clusterArn),
    );
}
