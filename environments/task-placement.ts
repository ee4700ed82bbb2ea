import { partitionOf } from '../emulator/partition.ts';
import type { Environment } from './environment.ts';

/**
 * The partition, network and roles of an environment that takes subnets, security groups and roles as they
 * are: well-formed ids and ARNs of things that nobody has made.
 *
 * @param region its partition is that of the roles' ARNs
 */
export function placeholderPlacement({
  account,
  region,
}: Pick<Environment, 'account' | 'region'>): Pick<Environment, 'partition' | 'network' | 'roles'> {
  const partition = partitionOf(region);
  return {
    partition,
    network: { subnets: ['subnet-0a1b2c3d4e5f60718'], securityGroups: ['sg-0a1b2c3d4e5f60718'] },
    roles: {
      executionRoleArn: `arn:${partition}:iam::${account}:role/testbed-execution`,
      taskRoleArn: `arn:${partition}:iam::${account}:role/testbed-task`,
    },
  };
}
