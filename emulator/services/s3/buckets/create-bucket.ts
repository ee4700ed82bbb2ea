import type { CreateBucketOutput, CreateBucketRequest } from '@aws-sdk/client-s3';
import { partitionOf } from '../../../partition.ts';
import { AwsError, type RequestContext } from '../../../service.ts';
import { aclFromHeaders, isPublic } from '../configuration/acl-grants.ts';
import type { BucketConfiguration } from '../configuration/bucket-configuration.ts';
import { blockAllPublicAccess } from '../configuration/public-access-block.ts';
import { tagsOf } from '../configuration/tag-set.ts';
import { malformedXml, notImplemented } from '../errors.ts';
import { createKeyIndex } from '../objects/key-index.ts';
import type { S3State } from '../state.ts';
import constraints from '../constraints.json' with { type: 'json' };
import { checkBucketName } from './bucket-name.ts';

/**
 * Makes a general purpose bucket, with what AWS gives new ones since April 2023: ACLs disabled and all
 * public access blocked (https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html).
 *
 * @throws AwsError InvalidBucketName, BucketAlreadyOwnedByYou, the errors of a location and of an ACL
 */
export function createBucket(
  state: S3State,
  input: CreateBucketRequest,
  { request }: Pick<RequestContext, 'request'>,
): CreateBucketOutput {
  const name = input.Bucket ?? '';
  const { region, constraint } = locationOf(state, input);
  const regional = input.BucketNamespace === 'account-regional';
  checkBucketName(name, regional ? `-${state.account}-${region}-an` : undefined);
  checkOwnershipHeader(request.headers['x-amz-object-ownership']);
  const configuration = initialConfiguration(state, input);
  const arn = `arn:${partitionOf(region)}:s3:::${name}`;

  const existing = state.buckets.get(name);
  if (existing) {
    // North Virginia alone lets one make one's own bucket again; its ACL is reset.
    if (existing.region !== 'us-east-1' || region !== 'us-east-1' || configuration.tags) {
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        { statusCode: 409, members: { BucketName: name } },
      );
    }
    existing.configuration.acl = configuration.acl;
  } else {
    const locked = input.ObjectLockEnabledForBucket ?? false;
    state.buckets.set(name, {
      name,
      arn,
      region,
      locationConstraint: constraint,
      creationTime: state.clock.now(),
      // Object lock cannot be without versions.
      versioning: locked ? 'Enabled' : 'Disabled',
      objectLockEnabled: locked,
      objects: createKeyIndex(),
      uploads: new Map(),
      configuration,
    });
  }
  return { Location: region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`, BucketArn: arn };
}

/** An empty header is no member of the input, and yet no ownership to S3. */
function checkOwnershipHeader(value: string | undefined): void {
  if (value !== '') return;
  throw new AwsError('InvalidArgument', 'Invalid x-amz-object-ownership header: ', {
    statusCode: 400,
    members: { ArgumentName: 'x-amz-object-ownership' },
  });
}

/** Those that a client may ask for; us-east-1 is asked for by asking for none. */
const locations: ReadonlySet<string> = new Set(
  constraints.structures.CreateBucketConfiguration.LocationConstraint.enum,
);

/**
 * Where it is to be: us-east-1's endpoint makes buckets anywhere, any other one in its own region only.
 *
 * @throws AwsError MalformedXML, InvalidLocationConstraint, IllegalLocationConstraintException
 */
function locationOf(
  state: S3State,
  { CreateBucketConfiguration: configuration }: CreateBucketRequest,
): { readonly region: string; readonly constraint: string } {
  if (configuration?.Location || configuration?.Bucket) throw notImplemented('directory buckets');
  const constraint: string = configuration?.LocationConstraint ?? '';
  if (configuration?.LocationConstraint !== undefined && constraint === '') throw malformedXml();
  const region = constraint === '' ? 'us-east-1' : constraint === 'EU' ? 'eu-west-1' : constraint;
  if (state.region === 'us-east-1' || state.region === 'aws-global') {
    if (constraint !== '' && !locations.has(constraint)) {
      throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
        statusCode: 400,
        members: { LocationConstraint: constraint },
      });
    }
  } else if (region !== state.region) {
    throw new AwsError(
      'IllegalLocationConstraintException',
      `The ${constraint || 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      { statusCode: 400 },
    );
  }
  return { region, constraint };
}

function initialConfiguration(state: S3State, input: CreateBucketRequest): BucketConfiguration {
  const ownership = input.ObjectOwnership ?? 'BucketOwnerEnforced';
  const acl = aclFromHeaders(input, state.account);
  if (acl && ownership === 'BucketOwnerEnforced' && input.ACL !== 'private') {
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      { statusCode: 400 },
    );
  }
  if (acl && isPublic(acl)) {
    throw new AwsError(
      'InvalidBucketAclWithBlockPublicAccessError',
      'Bucket cannot have public ACLs set with BlockPublicAccess enabled',
      { statusCode: 400 },
    );
  }
  const tags = input.CreateBucketConfiguration?.Tags;
  return {
    acl,
    ownership: { Rules: [{ ObjectOwnership: ownership }] },
    publicAccessBlock: blockAllPublicAccess,
    ...(tags && tags.length > 0 && { tags: tagsOf(tags) }),
  };
}
