import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import { partitionOf } from './partition.ts';
import type { Caller } from './service.ts';

/** A key pair that the emulator accepts. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials have one, and requests signed with them must carry it. */
  readonly sessionToken?: string;
  /** Milliseconds since the Unix epoch; none: never. */
  readonly expiresAt?: number;
  /** Who signs with it. */
  readonly caller: Caller;
}

export type TemporaryCredential = Credential & { readonly sessionToken: string };

export interface IssueRequest {
  readonly arn: string;
  /** The `UserId` of GetCallerIdentity. */
  readonly userId: string;
  /** None: they never expire. */
  readonly durationSeconds?: number;
}

/** The key pairs that requests may be signed with: the account's own and those issued since. */
export interface CredentialStore {
  readonly root: Credential;
  find(accessKeyId: string): Credential | undefined;
  /** Makes temporary credentials (`ASIA…`, with a session token), as STS does. */
  issue(request: IssueRequest): TemporaryCredential;
  revoke(accessKeyId: string): void;
}

/**
 * Makes the store with the root key pair, which belongs to the IAM user `testbed` of the account: a
 * user rather than the root user, because that is what a test account's key pair would be.
 *
 * @param account the twelve digits of the account
 * @param keys the key pair of the root credentials, as clients configure it
 * @param region the emulator's own; the user belongs to its partition
 */
export function createCredentialStore(
  account: string,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
  clock: Clock,
  region = 'us-east-1',
): CredentialStore {
  const user = `arn:${partitionOf(region)}:iam::${account}:user/testbed`;
  const root: Credential = {
    ...keys,
    caller: { accessKeyId: keys.accessKeyId, arn: user, userId: uniqueId('AIDA', user) },
  };
  const byKeyId = new Map<string, Credential>([[root.accessKeyId, root]]);
  return {
    root,
    find: (accessKeyId) => byKeyId.get(accessKeyId),
    issue({ arn, userId, durationSeconds }) {
      const accessKeyId = uniqueId('ASIA');
      const credential: TemporaryCredential = {
        accessKeyId,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(96).toString('base64'),
        ...(durationSeconds === undefined ? {} : { expiresAt: clock.now() + durationSeconds * 1000 }),
        caller: { accessKeyId, arn, userId },
      };
      byKeyId.set(accessKeyId, credential);
      return credential;
    },
    revoke(accessKeyId) {
      if (accessKeyId !== root.accessKeyId) byKeyId.delete(accessKeyId);
    },
  };
}

const idAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Makes an id as IAM does: a prefix of four letters that tells its kind, then sixteen (key ids) or seventeen characters.
 *
 * Source: IAM user guide, "IAM identifiers", unique identifiers.
 *
 * @param of the ARN that the id belongs to, which has the same id every time; none: a new one
 */
function uniqueId(prefix: 'ASIA' | 'AROA' | 'AIDA', of?: string): string {
  const bytes = of === undefined ? randomBytes(16) : createHash('sha256').update(of).digest().subarray(0, 17);
  let id: string = prefix;
  for (const byte of bytes) id += idAlphabet[byte % idAlphabet.length];
  return id;
}

/**
 * Issues the credentials of a role's session, as AssumeRole does and as the ECS agent does for tasks.
 *
 * @param roleArn `arn:<partition>:iam::<account>:role/<path>/<name>`
 */
export function issueRoleCredential(
  store: CredentialStore,
  roleArn: string,
  session: string,
  durationSeconds?: number,
): TemporaryCredential {
  const [, partition, , , account] = roleArn.split(':');
  const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return store.issue({
    arn: `arn:${partition}:sts::${account}:assumed-role/${role}/${session}`,
    userId: `${uniqueId('AROA', roleArn)}:${session}`,
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
  });
}
