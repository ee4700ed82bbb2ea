import type { Operation } from '../../../service.ts';
import type { S3State } from '../state.ts';
import { aclOperations } from './acl.ts';
import { corsOperations } from './cors.ts';
import { deliveryOperations } from './delivery.ts';
import { encryptionOperations } from './encryption.ts';
import { eventOperations } from './events.ts';
import { lifecycleOperations } from './lifecycle.ts';
import { numberedOperations } from './numbered.ts';
import { objectLockOperations } from './object-lock.ts';
import { ownershipOperations } from './ownership.ts';
import { policyOperations } from './policy.ts';
import { publicAccessBlockOperations } from './public-access-block.ts';
import { taggingOperations } from './tagging.ts';
import { versioningOperations } from './versioning.ts';
import { websiteOperations } from './website.ts';

export const configurationOperations: Readonly<Record<string, Operation<S3State>>> = {
  ...aclOperations,
  ...corsOperations,
  ...deliveryOperations,
  ...encryptionOperations,
  ...eventOperations,
  ...lifecycleOperations,
  ...numberedOperations,
  ...objectLockOperations,
  ...ownershipOperations,
  ...policyOperations,
  ...publicAccessBlockOperations,
  ...taggingOperations,
  ...versioningOperations,
  ...websiteOperations,
};
