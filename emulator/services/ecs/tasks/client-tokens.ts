import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../../../service.ts';
import { invalidParameter } from '../errors.ts';
import type { EcsState } from '../state.ts';

/** What a client token was used for. */
export interface ClientTokenUse {
  readonly input: unknown;
  readonly taskArns: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

type TokenState = Pick<EcsState, 'clientTokens'> & { readonly dependencies: Pick<EcsState['dependencies'], 'clock'> };

/** Milliseconds for which a client token stands for the tasks that it started: 24 hours, as ECS documents. */
const TOKEN_LIFETIME = 24 * 3_600_000;

/**
 * Looks up what a client token has started before.
 *
 * @param cluster tokens are unique within a cluster
 * @returns the ARNs of its tasks; undefined for a token that is new
 * @throws AwsError InvalidParameterException for a malformed token, ConflictException when it was used with
 *   other parameters
 */
export function tasksOfToken(
  state: TokenState,
  cluster: string,
  input: { readonly clientToken?: string | undefined },
): readonly string[] | undefined {
  const token = input.clientToken;
  if (token === undefined) return undefined;
  // API reference, RunTask: up to 64 characters in the range of 33-126.
  if (!/^[\x21-\x7e]{1,64}$/.test(token)) {
    throw invalidParameter('clientToken must be 1 to 64 characters long and consist of the characters 33 to 126.');
  }
  forgetExpired(state);
  const use = state.clientTokens.get(keyOf(cluster, token));
  if (!use) return undefined;
  if (isDeepStrictEqual(use.input, input)) return use.taskArns;
  throw new AwsError('ConflictException', 'The clientToken is already in use with a different RunTask request.', {
    members: { resourceIds: [...use.taskArns] },
  });
}

/** Remembers what a client token has started. */
export function rememberToken(
  state: TokenState,
  cluster: string,
  input: { readonly clientToken?: string | undefined },
  taskArns: readonly string[],
): void {
  if (input.clientToken === undefined || taskArns.length === 0) return;
  const expiresAt = state.dependencies.clock.now() + TOKEN_LIFETIME;
  state.clientTokens.set(keyOf(cluster, input.clientToken), { input: structuredClone(input), taskArns, expiresAt });
}

/** Forgets the tokens of a cluster whose tasks are forgotten, too. */
export function forgetTokens({ clientTokens }: Pick<EcsState, 'clientTokens'>, cluster: string): void {
  for (const key of clientTokens.keys()) if (key.startsWith(keyOf(cluster, ''))) clientTokens.delete(key);
}

/** They all live equally long, so that the first that has not expired ends the search. */
function forgetExpired({ clientTokens, dependencies }: TokenState): void {
  for (const [key, { expiresAt }] of clientTokens) {
    if (expiresAt > dependencies.clock.now()) return;
    clientTokens.delete(key);
  }
}

function keyOf(cluster: string, token: string): string {
  return `${cluster} ${token}`;
}
