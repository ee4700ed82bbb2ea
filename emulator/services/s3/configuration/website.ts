import type {
  DeleteBucketWebsiteRequest,
  GetBucketWebsiteOutput,
  GetBucketWebsiteRequest,
  PutBucketWebsiteRequest,
  RoutingRule,
  WebsiteConfiguration,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../../service.ts';
import { findBucket, invalidArgument, invalidRequest, malformedXml, notConfigured } from '../errors.ts';
import type { S3State } from '../state.ts';

export const websiteOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketWebsite: putBucketWebsite,
  GetBucketWebsite: getBucketWebsite,
  DeleteBucketWebsite: deleteBucketWebsite,
};

/**
 * Keeps it; no website is served.
 *
 * @throws AwsError NoSuchBucket, InvalidArgument, InvalidRequest, MalformedXML
 */
function putBucketWebsite(state: S3State, input: PutBucketWebsiteRequest): void {
  const bucket = findBucket(state, input.Bucket);
  const website = input.WebsiteConfiguration ?? {};
  checkWebsite(website);
  bucket.configuration.website = website;
}

/** @throws AwsError NoSuchBucket, NoSuchWebsiteConfiguration */
function getBucketWebsite(state: S3State, input: GetBucketWebsiteRequest): GetBucketWebsiteOutput {
  const bucket = findBucket(state, input.Bucket);
  const { website } = bucket.configuration;
  if (website) return website;
  const message = 'The specified bucket does not have a website configuration';
  throw notConfigured('NoSuchWebsiteConfiguration', message, bucket);
}

function deleteBucketWebsite(state: S3State, input: DeleteBucketWebsiteRequest): void {
  findBucket(state, input.Bucket).configuration.website = undefined;
}

function checkWebsite(website: WebsiteConfiguration): void {
  const { RedirectAllRequestsTo: redirectAll, IndexDocument: index, ErrorDocument: error } = website;
  const { RoutingRules: rules } = website;
  if (redirectAll) {
    if (index ?? error ?? rules) {
      const message = 'RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.';
      throw invalidArgument('RedirectAllRequestsTo', 'not null', message);
    }
    if (!redirectAll.HostName) throw malformedXml();
    checkProtocol(redirectAll.Protocol);
    return;
  }
  if (!index) {
    const message = 'A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty';
    throw invalidArgument('IndexDocument', 'null', message);
  }
  if (!index.Suffix || index.Suffix.includes('/')) {
    throw invalidArgument('IndexDocument', index.Suffix ?? '', 'The IndexDocument Suffix is not well formed');
  }
  if (error && !error.Key) throw malformedXml();
  if (rules?.length === 0) throw malformedXml();
  if (rules && rules.length > 50) {
    throw invalidRequest(`The number of routing rules must not exceed the allowed limit of 50.`);
  }
  for (const rule of rules ?? []) checkRoutingRule(rule);
}

function checkRoutingRule({ Condition: condition, Redirect: redirect }: RoutingRule): void {
  if (redirect?.ReplaceKeyPrefixWith !== undefined && redirect.ReplaceKeyWith !== undefined) {
    throw invalidRequest('You can only define ReplaceKeyPrefix or ReplaceKey but not both.');
  }
  if (condition && condition.KeyPrefixEquals === undefined && condition.HttpErrorCodeReturnedEquals === undefined) {
    throw invalidRequest(
      "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
    );
  }
  checkProtocol(redirect?.Protocol);
}

function checkProtocol(protocol: string | undefined): void {
  if (protocol === undefined || protocol === 'http' || protocol === 'https') return;
  throw invalidRequest(
    'Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.',
  );
}
