import type { Service } from '@aws-sdk/client-ecs';
import { serviceArn } from '../arns.ts';
import { serviceNotFound } from '../errors.ts';
import { nameIn } from '../references.ts';
import type { EcsState, ServiceRecord } from '../state.ts';

/**
 * Finds a service of a cluster, whatever its status.
 *
 * @param reference its name or its ARN
 * @throws AwsError InvalidParameterException for an ARN of another cluster
 */
export function findService(state: EcsState, clusterName: string, reference: string): ServiceRecord | undefined {
  return state.services.get(serviceArn(state, clusterName, nameIn(clusterName, 'service', reference)));
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

/** The services of a cluster that ListServices shows: a service that is being deleted is gone from there. */
export function activeServices(state: EcsState, clusterArn?: string): (Service & { serviceArn: string })[] {
  return [...state.services.values()]
    .map(({ service }) => service)
    .filter(
      (service) => service.status === 'ACTIVE' && (clusterArn === undefined || service.clusterArn === clusterArn),
    );
}
