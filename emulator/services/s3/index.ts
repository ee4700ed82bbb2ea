import type { Clock } from '../../clock.ts';
import type { CredentialStore } from '../../credentials.ts';
import type { RequestHead } from '../../protocols/protocol.ts';
import type { Service } from '../../service.ts';
import { admitsAnonymous } from './anonymous/admits-anonymous.ts';
import type { BodyStore } from './bodies/body-store.ts';
import { bucketOperations } from './buckets/operations.ts';
import { bucketAddress } from './bucket-address.ts';
import { corsHeaders, preflight } from './configuration/cors-headers.ts';
import { lifecycleRoute } from './configuration/lifecycle-route.ts';
import { configurationOperations } from './configuration/operations.ts';
import { checkingOwners } from './expected-owner.ts';
import { isFormUpload, postObject } from './form-upload/post-object.ts';
import { listingOperations } from './listing/operations.ts';
import { s3Model } from './model.ts';
import { multipartOperations } from './multipart/operations.ts';
import { objectOperations } from './objects/operations.ts';
import type { BucketRecord, S3State } from './state.ts';

export interface S3Dependencies {
  readonly clock: Clock;
  readonly account: string;
  readonly credentials: CredentialStore;
  readonly verifySignatures: boolean;
  readonly bodies: BodyStore;
}

/**
 * Amazon S3: buckets with their sub-resources, objects with versions, multipart uploads, listings. What
 * is not here is refused by name.
 */
export function createS3Service(dependencies: S3Dependencies): Service<S3State> {
  const buckets = new Map<string, BucketRecord>();
  /** One for each region's endpoint; the buckets are the same. */
  const states = new Map<string, S3State>();
  return {
    model: s3Model,
    operations: checkingOwners({
      ...bucketOperations,
      ...configurationOperations,
      ...objectOperations,
      ...multipartOperations,
      ...listingOperations,
    }),
    state(region) {
      let state = states.get(region);
      if (!state) {
        state = { ...dependencies, region, buckets };
        states.set(region, state);
      }
      return state;
    },
    unmodelled(request) {
      if (request.method === 'OPTIONS') return preflight;
      return isFormUpload(request) ? postObject : undefined;
    },
    admitsAnonymous,
    extraHeaders: (state, request) => ({ ...corsHeaders(state, request), ...ownHeaders(state, request) }),
    controlRoutes: [lifecycleRoute({ ...dependencies, region: 'us-east-1', buckets })],
    resources: () => [...buckets.values()].map(({ arn }) => arn),
    async reset() {
      buckets.clear();
      await dependencies.bodies.clear();
    },
  };
}

function ownHeaders(state: S3State, request: RequestHead): Readonly<Record<string, string>> {
  const { path, labels } = bucketAddress(request);
  const bucket = state.buckets.get(labels['Bucket'] ?? '');
  return {
    // Tells who asks at the wrong region's endpoint which one it is, so that SDKs can ask there; listings always do.
    ...(bucket &&
      (bucket.region !== state.region || (path === '/' && listsObjects(request))) && {
        'x-amz-bucket-region': bucket.region,
      }),
    // S3 says so of HeadBucket, which has no body.
    ...(bucket && request.method === 'HEAD' && path === '/' && { 'content-type': 'application/xml' }),
  };
}

/** Whether a request for a bucket is ListObjects or ListObjectsV2, of whatever parameters: no sub-resource is named. */
function listsObjects({ method, query }: RequestHead): boolean {
  return method === 'GET' && query.split('&').every((part) => part === '' || listParameter.test(part));
}

const listParameter =
  /^(list-type|prefix|delimiter|marker|max-keys|encoding-type|continuation-token|start-after|fetch-owner|x-id|x-amz-[^=]+)=/i;
