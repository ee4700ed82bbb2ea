import { like } from './policy-terms.ts';

export type ActionLevel = 'bucket' | 'object';

/**
 * What the actions that a pattern means are done to
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html, "Actions defined by Amazon
 * S3"); only those of buckets and objects, since nothing else has a bucket's policy.
 *
 * @param pattern `s3:Get*`, in any case
 * @returns empty for one that means none
 */
export function levelsOf(pattern: string): readonly ActionLevel[] {
  const wanted = pattern.toLowerCase();
  return (['bucket', 'object'] as const).filter((level) => actions[level].some((action) => like(wanted, action)));
}

const actions: Readonly<Record<ActionLevel, readonly string[]>> = {
  bucket: named(`
  CreateBucket
  CreateBucketMetadataConfiguration
  CreateBucketMetadataTableConfiguration
  DeleteBucket
  DeleteBucketMetadataTableConfiguration
  DeleteBucketPolicy
  DeleteBucketWebsite
  GetAccelerateConfiguration
  GetAnalyticsConfiguration
  GetBucketAbac
  GetBucketAcl
  GetBucketCORS
  GetBucketLocation
  GetBucketLogging
  GetBucketMetadataTableConfiguration
  GetBucketNotification
  GetBucketObjectLockConfiguration
  GetBucketOwnershipControls
  GetBucketPolicy
  GetBucketPolicyStatus
  GetBucketPublicAccessBlock
  GetBucketRequestPayment
  GetBucketTagging
  GetBucketVersioning
  GetBucketWebsite
  GetEncryptionConfiguration
  GetIntelligentTieringConfiguration
  GetInventoryConfiguration
  GetLifecycleConfiguration
  GetMetricsConfiguration
  GetReplicationConfiguration
  ListBucket
  ListBucketMultipartUploads
  ListBucketVersions
  ListTagsForResource
  PauseReplication
  PutAccelerateConfiguration
  PutAnalyticsConfiguration
  PutBucketAbac
  PutBucketAcl
  PutBucketCORS
  PutBucketLogging
  PutBucketNotification
  PutBucketObjectLockConfiguration
  PutBucketOwnershipControls
  PutBucketPolicy
  PutBucketPublicAccessBlock
  PutBucketRequestPayment
  PutBucketTagging
  PutBucketVersioning
  PutBucketWebsite
  PutEncryptionConfiguration
  PutIntelligentTieringConfiguration
  PutInventoryConfiguration
  PutLifecycleConfiguration
  PutMetricsConfiguration
  PutReplicationConfiguration
  TagResource
  UntagResource
  UpdateBucketMetadataInventoryTableConfiguration
  UpdateBucketMetadataJournalTableConfiguration
`),
  object: named(`
  AbortMultipartUpload
  BypassGovernanceRetention
  DeleteObject
  DeleteObjectTagging
  DeleteObjectVersion
  DeleteObjectVersionTagging
  GetObject
  GetObjectAcl
  GetObjectAttributes
  GetObjectLegalHold
  GetObjectRetention
  GetObjectTagging
  GetObjectTorrent
  GetObjectVersion
  GetObjectVersionAcl
  GetObjectVersionAttributes
  GetObjectVersionForReplication
  GetObjectVersionTagging
  GetObjectVersionTorrent
  InitiateReplication
  ListMultipartUploadParts
  ObjectOwnerOverrideToBucketOwner
  PutObject
  PutObjectAcl
  PutObjectLegalHold
  PutObjectRetention
  PutObjectTagging
  PutObjectVersionAcl
  PutObjectVersionTagging
  ReplicateDelete
  ReplicateObject
  ReplicateTags
  RestoreObject
  UpdateObjectEncryption
`),
};

function named(names: string): readonly string[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => `s3:${name}`.toLowerCase());
}
