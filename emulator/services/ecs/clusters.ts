import { clusterNotFound, invalidParameter } from './errors.ts';
import { nameOf, parseArn } from './arns.ts';
import type { ClusterRecord, EcsState } from './state.ts';

/**
 * Finds the cluster that a call works on.
 *
 * @param identifier its name or ARN; none means `default`
 * @throws AwsError ClusterNotFoundException when there is none, or it was deleted;
 *   InvalidParameterException when the ARN is malformed
 */
export function requireCluster(state: EcsState, identifier: string | undefined): ClusterRecord {
  const record = state.clusters.get(clusterNameOf(state, identifier ?? 'default'));
  if (!record || record.cluster.status === 'INACTIVE') throw clusterNotFound();
  return record;
}

/**
 * The name of the cluster that a name or ARN means.
 *
 * @throws AwsError InvalidParameterException when it is malformed
 */
export function clusterNameOf(state: EcsState, identifier: string): string {
  if (!identifier.includes(':') && !identifier.includes('/')) return identifier;
  const arn = parseArn(identifier);
  if (arn?.resource !== 'cluster' || arn.parts.length !== 1) {
    throw invalidParameter(`Invalid identifier: ${identifier}`);
  }
  // A cluster of another region or account is one that this account cannot see.
  if (arn.region !== state.region || arn.account !== state.dependencies.account) throw clusterNotFound();
  return nameOf(identifier);
}
