import { AwsError } from '../../../service.ts';
import { levelsOf, type ActionLevel } from './policy-actions.ts';
import { isEverybody, like, listOf } from './policy-terms.ts';

/** A bucket policy as far as it is looked into. */
export interface PolicyDocument {
  readonly statements: readonly Statement[];
}

/** Bytes (https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html). */
const maximumSize = 20_480;

type Statement = Readonly<Record<string, unknown>>;

/**
 * Reads a bucket policy
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
 *
 * @param bucketArn every resource must be the bucket or in it
 * @throws AwsError MalformedPolicy, with what is wrong with it
 */
export function checkPolicy(text: string, bucketArn: string): PolicyDocument {
  if (!text.startsWith('{')) throw malformed("Policies must be valid JSON and the first byte must be '{'");
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  // S3 counts what is left without white space.
  if (Buffer.byteLength(JSON.stringify(document)) > maximumSize) {
    throw malformed(`Normalized policy document exceeds the maximum allowed size of ${maximumSize} bytes`);
  }
  const policy = document as Record<string, unknown>;
  if (policy['Statement'] === undefined) throw malformed('Missing required field Statement');
  const version = policy['Version'];
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string');
  }
  const statements = listOf(policy['Statement']);
  if (statements.length === 0) throw malformed('Could not parse the policy: Statement is empty!');
  for (const statement of statements) checkStatement(statement, bucketArn);
  return { statements: statements as Statement[] };
}

/**
 * Whether it allows something to everybody: any principal, and no condition that fixes who or from where
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, "The
 * meaning of public").
 */
export function isPublicPolicy({ statements }: PolicyDocument): boolean {
  return statements.some(
    (statement) =>
      statement['Effect'] === 'Allow' && isEverybody(statement['Principal']) && !isConfined(statement['Condition']),
  );
}

function checkStatement(statement: unknown, bucketArn: string): void {
  if (typeof statement !== 'object' || statement === null || Array.isArray(statement)) {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  const fields = statement as Statement;
  if (fields['Effect'] === undefined) throw malformed('Missing required field Effect');
  if (fields['Effect'] !== 'Allow' && fields['Effect'] !== 'Deny') {
    throw malformed(`Invalid effect: ${JSON.stringify(fields['Effect'])}`);
  }
  if (fields['Principal'] === undefined && fields['NotPrincipal'] === undefined) {
    throw malformed('Missing required field Principal');
  }
  const principal = fields['Principal'] ?? fields['NotPrincipal'];
  if (principal !== '*' && !areNamed(principal)) throw malformed('Invalid principal in policy');
  const actions = listOf(fields['Action'] ?? fields['NotAction']);
  if (actions.length === 0) throw malformed('Missing required field Action');
  const levels = actions.map((action) => levelsOf(String(action)));
  if (levels.some(({ length }) => length === 0)) throw malformed('Policy has invalid action');
  const resources = listOf(fields['Resource'] ?? fields['NotResource']);
  if (resources.length === 0) throw malformed('Missing required field Resource');
  if (!resources.every((resource) => isOfBucket(String(resource), bucketArn))) {
    throw malformed('Policy has invalid resource');
  }
  // What is all but some is not held against each other.
  if (fields['Action'] === undefined || fields['Resource'] === undefined) return;
  const reached = new Set(resources.flatMap((resource) => levelsOfResource(String(resource))));
  if (!levels.every((of) => of.some((level) => reached.has(level)))) {
    throw malformed('Action does not apply to any resource(s) in statement');
  }
}

/** A star in the bucket's place stands for a slash too. */
function levelsOfResource(resource: string): readonly ActionLevel[] {
  const [bucket = '', ...rest] = resource.split('/');
  if (rest.length > 0) return ['object'];
  return bucket.includes('*') ? ['bucket', 'object'] : ['bucket'];
}

/** `{"AWS": ["…"], "Service": "…"}`, whoever they are. */
function areNamed(principal: unknown): boolean {
  if (typeof principal !== 'object' || principal === null || Array.isArray(principal)) return false;
  const kinds = Object.entries(principal as Record<string, unknown>);
  const known = kinds.every(([kind]) => ['AWS', 'CanonicalUser', 'Federated', 'Service'].includes(kind));
  const names = kinds.flatMap(([, value]) => listOf(value));
  return known && names.length > 0 && names.every((name) => typeof name === 'string' && name !== '');
}

function isOfBucket(resource: string, bucketArn: string): boolean {
  const [bucket = ''] = resource.split('/');
  // A lone star, which policies of users may have, is no resource here.
  return bucket.startsWith('arn:') && like(bucket, bucketArn);
}

/** The condition keys that confine a policy, where their values are fixed. */
const confining =
  /^(aws:(sourceip|sourcearn|sourcevpc|sourcevpce|sourceowner|sourceaccount|userid|principalorgid|principalorgpaths|principalaccount|principalarn|viaawsservice)|s3:(x-amz-server-side-encryption-aws-kms-key-id|dataaccesspointarn|dataaccesspointaccount|accesspointnetworkorigin))$/i;

function isConfined(condition: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return false;
  return Object.entries(condition as Record<string, unknown>).some(
    ([operator, keys]) =>
      !/not/i.test(operator) &&
      typeof keys === 'object' &&
      keys !== null &&
      Object.entries(keys as Record<string, unknown>).some(
        ([key, values]) =>
          confining.test(key) &&
          listOf(values).every((value) => value !== '*' && value !== '0.0.0.0/0' && value !== '::/0'),
      ),
  );
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicy', message, { statusCode: 400 });
}
