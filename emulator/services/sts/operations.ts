import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  Credentials,
  GetAccessKeyInfoResponse,
  GetCallerIdentityResponse,
  GetFederationTokenRequest,
  GetFederationTokenResponse,
  GetSessionTokenRequest,
  GetSessionTokenResponse,
} from '@aws-sdk/client-sts';
import { issueRoleCredential, type CredentialStore, type TemporaryCredential } from '../../credentials.ts';
import { AwsError, type Caller, type RequestContext } from '../../service.ts';

export interface StsState {
  readonly credentials: CredentialStore;
  /** The access keys issued since the last reset. */
  readonly issued: Set<string>;
}

export function getCallerIdentity(
  _state: StsState,
  _input: unknown,
  { caller }: RequestContext,
): GetCallerIdentityResponse {
  return { UserId: caller.userId, Account: caller.arn.split(':')[4], Arn: caller.arn };
}

/** AWS reads the account from the key's id; here every key belongs to the one account there is. */
export function getAccessKeyInfo(_state: StsState, _input: unknown, context: RequestContext): GetAccessKeyInfoResponse {
  return { Account: context.account };
}

const roleArnPattern = /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const hourInSeconds = 3600;

/**
 * Issues credentials for a role's session. Roles are taken as they are: no trust policy is looked up. The
 * external id, the MFA code, session tags and session policies decide on permissions only, which are not
 * emulated: the wire checks their form, and a policy must be JSON.
 *
 * @throws AwsError ValidationError for an ARN that is no role's, or a chained session of more than an
 *   hour; MalformedPolicyDocument for a session policy that is not JSON
 */
export function assumeRole(state: StsState, input: AssumeRoleRequest, { caller }: RequestContext): AssumeRoleResponse {
  const { RoleArn: roleArn = '', RoleSessionName: session = '', DurationSeconds: seconds = hourInSeconds } = input;
  if (!roleArnPattern.test(roleArn)) throw new AwsError('ValidationError', `${roleArn} is invalid`);
  // Source: IAM user guide, "Role chaining".
  if (seconds > hourInSeconds && caller.arn.includes(':assumed-role/')) {
    const message = 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining';
    throw new AwsError('ValidationError', message);
  }
  if (input.Policy !== undefined) checkPolicy(input.Policy);
  const credential = issueRoleCredential(state.credentials, roleArn, session, seconds);
  state.issued.add(credential.accessKeyId);
  return {
    Credentials: describeCredential(credential),
    AssumedRoleUser: { AssumedRoleId: credential.caller.userId, Arn: credential.caller.arn },
    ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
  };
}

const sessionDefaultSeconds = 43_200;

/**
 * Issues temporary credentials of the caller itself.
 *
 * @throws AwsError AccessDenied when the caller's own credentials are temporary
 */
export function getSessionToken(
  state: StsState,
  input: GetSessionTokenRequest,
  { caller }: RequestContext,
): GetSessionTokenResponse {
  refuseSession(state, caller, 'GetSessionToken');
  const credential = state.credentials.issue({
    arn: caller.arn,
    userId: caller.userId,
    durationSeconds: input.DurationSeconds ?? sessionDefaultSeconds,
  });
  state.issued.add(credential.accessKeyId);
  return { Credentials: describeCredential(credential) };
}

/**
 * Issues credentials for a federated user. Permissions are not emulated, so session policies are only
 * checked for being JSON.
 *
 * @throws AwsError AccessDenied when the caller's own credentials are temporary, MalformedPolicyDocument
 *   for a session policy that is not JSON
 */
export function getFederationToken(
  state: StsState,
  input: GetFederationTokenRequest,
  { caller }: RequestContext,
): GetFederationTokenResponse {
  refuseSession(state, caller, 'GetFederationToken');
  if (input.Policy !== undefined) checkPolicy(input.Policy);
  const [, partition, , , account] = caller.arn.split(':');
  const credential = state.credentials.issue({
    arn: `arn:${partition}:sts::${account}:federated-user/${input.Name}`,
    userId: `${account}:${input.Name}`,
    durationSeconds: input.DurationSeconds ?? sessionDefaultSeconds,
  });
  state.issued.add(credential.accessKeyId);
  return {
    Credentials: describeCredential(credential),
    FederatedUser: { FederatedUserId: credential.caller.userId, Arn: credential.caller.arn },
  };
}

function refuseSession(state: StsState, caller: Caller, operation: string): void {
  if (state.credentials.find(caller.accessKeyId)?.sessionToken !== undefined) {
    throw new AwsError('AccessDenied', `Cannot call ${operation} with session credentials`, { statusCode: 403 });
  }
}

function checkPolicy(policy: string): void {
  try {
    JSON.parse(policy);
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'This policy contains invalid Json');
  }
}

function describeCredential(credential: TemporaryCredential): Credentials {
  return {
    AccessKeyId: credential.accessKeyId,
    SecretAccessKey: credential.secretAccessKey,
    SessionToken: credential.sessionToken,
    Expiration: new Date(credential.expiresAt ?? 0),
  };
}
