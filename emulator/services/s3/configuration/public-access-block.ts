import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';

/** What new buckets have. */
export const blockAllPublicAccess: PublicAccessBlockConfiguration = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
