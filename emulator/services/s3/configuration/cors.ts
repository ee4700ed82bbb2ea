import type {
  CORSRule,
  DeleteBucketCorsRequest,
  GetBucketCorsOutput,
  GetBucketCorsRequest,
  PutBucketCorsRequest,
} from '@aws-sdk/client-s3';
import type { Operation } from '../../../service.ts';
import { findBucket, invalidRequest, malformedXml, notConfigured } from '../errors.ts';
import type { S3State } from '../state.ts';

export const corsOperations: Readonly<Record<string, Operation<S3State>>> = {
  PutBucketCors: putBucketCors,
  GetBucketCors: getBucketCors,
  DeleteBucketCors: deleteBucketCors,
};

/** @throws AwsError NoSuchBucket, MalformedXML, InvalidRequest */
function putBucketCors(state: S3State, input: PutBucketCorsRequest): void {
  const bucket = findBucket(state, input.Bucket);
  const rules = input.CORSConfiguration?.CORSRules ?? [];
  if (rules.length === 0 || rules.length > 100) throw malformedXml();
  for (const rule of rules) checkRule(rule);
  bucket.configuration.cors = rules;
}

/** @throws AwsError NoSuchBucket, NoSuchCORSConfiguration */
function getBucketCors(state: S3State, input: GetBucketCorsRequest): GetBucketCorsOutput {
  const bucket = findBucket(state, input.Bucket);
  const { cors } = bucket.configuration;
  if (!cors) throw notConfigured('NoSuchCORSConfiguration', 'The CORS configuration does not exist', bucket);
  return { CORSRules: [...cors] };
}

function deleteBucketCors(state: S3State, input: DeleteBucketCorsRequest): void {
  findBucket(state, input.Bucket).configuration.cors = undefined;
}

function checkRule(rule: CORSRule): void {
  const { AllowedMethods: methods = [], AllowedOrigins: origins = [], AllowedHeaders: headers = [] } = rule;
  if (methods.length === 0 || origins.length === 0) throw malformedXml();
  if (rule.ID !== undefined && rule.ID.length > 255) throw malformedXml();
  const unsupported = methods.find((method) => !['GET', 'PUT', 'HEAD', 'POST', 'DELETE'].includes(method));
  if (unsupported !== undefined) {
    throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${unsupported}`);
  }
  for (const [name, values] of [
    ['AllowedOrigin', origins],
    ['AllowedHeader', headers],
  ] as const) {
    const wild = values.find((value) => value.split('*').length > 2);
    if (wild !== undefined) throw invalidRequest(`${name} "${wild}" can not have more than one wildcard.`);
  }
  const exposed = rule.ExposeHeaders?.find((header) => header.includes('*'));
  if (exposed !== undefined) {
    throw invalidRequest(
      `ExposeHeader "${exposed}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
    );
  }
}
