import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../../../service.ts';
import { invalidParameter } from '../errors.ts';
import type { EcsState } from '../state.ts';

interface TokenUse {
  readonly input: unknown;
  readonly taskArns: readonly string[];
}

const usesByState = new WeakMap<EcsState, Map<string, TokenUse>>();

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
  state: EcsState,
  cluster: string,
  input: { readonly clientToken?: string | undefined },
): readonly string[] | undefined {
  const token = input.clientToken;
  if (token === undefined) return undefined;
  // API reference, RunTask: up to 64 characters in the range of 33-126.
  if (!/^[\x21-\x7e]{1,64}$/.test(token)) {
    throw invalidParameter('clientToken must be 1 to 64 characters long and consist of the characters 33 to 126.');
  }
  const use = usesByState.get(state)?.get(keyOf(cluster, token));
  if (!use) return undefined;
  if (isDeepStrictEqual(use.input, input)) return use.taskArns;
  throw new AwsError('ConflictException', 'The clientToken is already in use with a different RunTask request.', {
    members: { resourceIds: [...use.taskArns] },
  });
}

/** Remembers what a client token has started. */
export function rememberToken(
  state: EcsState,
  cluster: string,
  input: { readonly clientToken?: string | undefined },
  taskArns: readonly string[],
): void {
  if (input.clientToken === undefined || taskArns.length === 0) return;
  const uses = usesByState.get(state) ?? new Map<string, TokenUse>();
  usesByState.set(state, uses);
  const key = keyOf(cluster, input.clientToken);
  uses.set(key, { input: structuredClone(input), taskArns });
  state.dependencies.clock.after(TOKEN_LIFETIME, () => void uses.delete(key));
}

function keyOf(cluster: string, token: string): string {
  return `${cluster} ${token}`;
}
