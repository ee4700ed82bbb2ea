import type { Clock } from '../../clock.ts';
import type { CredentialStore } from '../../credentials.ts';
import type { BodyStore } from './bodies/body-store.ts';
import type { BucketConfiguration } from './configuration/bucket-configuration.ts';
import type { UploadRecord } from './multipart/upload-record.ts';
import type { KeyIndex } from './objects/key-index.ts';

/** What S3 is in one region: the buckets are the account's, the same in every region. */
export interface S3State {
  /** Of the endpoint that was asked. */
  readonly region: string;
  readonly account: string;
  readonly clock: Clock;
  /** Checks the signatures of forms. */
  readonly credentials: CredentialStore;
  /** False where clients sign with made-up keys and regions, which are then taken as they are. */
  readonly verifySignatures: boolean;
  /** By name, in all regions. */
  readonly buckets: Map<string, BucketRecord>;
  readonly bodies: BodyStore;
}

export interface BucketRecord {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** What GetBucketLocation says: the region as it was asked for, `` for us-east-1. */
  readonly locationConstraint: string;
  /** Milliseconds since the Unix epoch. */
  readonly creationTime: number;
  /** A bucket that had versioning once can suspend it, but never goes back. */
  versioning: 'Disabled' | 'Enabled' | 'Suspended';
  /** Decided when the bucket is made, or later by PutObjectLockConfiguration. */
  objectLockEnabled: boolean;
  readonly objects: KeyIndex;
  /** The multipart uploads in progress, by upload id. */
  readonly uploads: Map<string, UploadRecord>;
  /** What the operations on its sub-resources set. */
  readonly configuration: BucketConfiguration;
}
