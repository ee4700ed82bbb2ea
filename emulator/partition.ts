/** The names of regions, as all partitions have them: `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`. */
export const regionPattern = /^[a-z]{2,4}(-[a-z]+)+-\d$/;

/**
 * The partition that a region's ARNs name: `aws`, or that of China, GovCloud, the isolated regions or the
 * European Sovereign Cloud. A region nobody knows is of `aws`.
 *
 * Source: AWS's partitions file (`partitions.json` of the SDKs), `regionRegex` of each partition.
 *
 * @param region e.g. `us-east-1`
 */
export function partitionOf(region: string): string {
  return partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

const partitions: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];
