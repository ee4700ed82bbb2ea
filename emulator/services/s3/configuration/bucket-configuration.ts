import type {
  AbacStatus,
  AccelerateConfiguration,
  CORSRule,
  LifecycleRule,
  LoggingEnabled,
  ObjectLockConfiguration,
  OwnershipControls,
  PublicAccessBlockConfiguration,
  RequestPaymentConfiguration,
  ServerSideEncryptionConfiguration,
  WebsiteConfiguration,
} from '@aws-sdk/client-s3';
import type { PolicyDocument } from './policy-document.ts';

/** The configurations of which a bucket may have many, each with an id. */
export type NumberedKind = 'Analytics' | 'IntelligentTiering' | 'Inventory' | 'Metrics';

/** What the sub-resources of a bucket hold, each as its Put operation took it. Undefined is "not set". */
export interface BucketConfiguration {
  tags?: ReadonlyMap<string, string> | undefined;
  /** JSON, as it was given, and what it says. */
  policy?: { readonly text: string; readonly document: PolicyDocument } | undefined;
  /** As AccessControlPolicy; undefined is the default, full control by the owner. */
  acl?: unknown;
  cors?: readonly CORSRule[] | undefined;
  lifecycle?:
    | { readonly rules: readonly LifecycleRule[]; readonly transitionDefaultMinimumObjectSize: string }
    | undefined;
  encryption?: ServerSideEncryptionConfiguration | undefined;
  publicAccessBlock?: PublicAccessBlockConfiguration | undefined;
  ownership?: OwnershipControls | undefined;
  website?: WebsiteConfiguration | undefined;
  logging?: LoggingEnabled | undefined;
  requestPayment?: RequestPaymentConfiguration | undefined;
  accelerate?: AccelerateConfiguration | undefined;
  objectLock?: ObjectLockConfiguration | undefined;
  abac?: AbacStatus | undefined;
  /** Those of which a bucket has many, by id, for each of their kinds. */
  numbered?: ReadonlyMap<NumberedKind, ReadonlyMap<string, unknown>> | undefined;
}
