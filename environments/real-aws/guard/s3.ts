import { rows, type ServiceOperations } from './operation.ts';

/**
 * What belongs to one bucket. Logging, replication, inventory and the like write into other buckets, and what
 * retention or a legal hold protects cannot be removed: they are not here.
 */
export const s3: ServiceOperations = {
  reads: ['SelectObjectContent'],
  mutates: rows(
    [
      'AbortMultipartUpload',
      'CompleteMultipartUpload',
      'CopyObject',
      // Takes its tags afterwards: see call-guard.ts.
      'CreateBucket',
      'CreateMultipartUpload',
      'DeleteBucket',
      'DeleteBucketCors',
      'DeleteBucketEncryption',
      'DeleteBucketLifecycle',
      'DeleteBucketOwnershipControls',
      'DeleteBucketPolicy',
      'DeleteBucketTagging',
      'DeleteBucketWebsite',
      'DeleteObject',
      'DeleteObjectTagging',
      'DeleteObjects',
      'DeletePublicAccessBlock',
      'PutBucketAccelerateConfiguration',
      'PutBucketAcl',
      'PutBucketCors',
      'PutBucketEncryption',
      'PutBucketLifecycleConfiguration',
      'PutBucketOwnershipControls',
      'PutBucketPolicy',
      'PutBucketRequestPayment',
      'PutBucketTagging',
      'PutBucketVersioning',
      'PutBucketWebsite',
      'PutObject',
      'PutObjectAcl',
      'PutObjectTagging',
      'PutPublicAccessBlock',
      'RenameObject',
      'RestoreObject',
      'UploadPart',
      'UploadPartCopy',
    ],
    { of: ['Bucket'] },
  ),
};
