import { nameOf, parseArn } from './arns.ts';
import { invalidParameter } from './errors.ts';

/**
 * The name or id in a reference to a resource of a cluster.
 *
 * @param reference the name or id itself, or an ARN in the long format with the cluster's name or in the
 *   old one without
 * @throws AwsError InvalidParameterException for an ARN of another kind of resource or of another cluster
 */
export function nameIn(
  clusterName: string,
  resource: 'service' | 'container-instance' | 'task',
  reference: string,
): string {
  const parsed = parseArn(reference);
  if (!parsed) return nameOf(reference);
  if (parsed.resource !== resource) throw invalidParameter(`Unsupported resource type: ${parsed.resource}`);
  const [cluster = '', name] = parsed.parts;
  if (name === undefined) return cluster;
  if (cluster !== clusterName) {
    throw invalidParameter(`Invalid identifier: Identifier is for cluster ${cluster}. Your cluster is ${clusterName}`);
  }
  return name;
}
