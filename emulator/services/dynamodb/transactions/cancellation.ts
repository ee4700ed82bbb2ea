import { AwsError } from '../../../service.ts';
import { EmptyKeyError } from '../items/keys.ts';
import type { Item } from '../values/attribute-value.ts';

/** Why an action of a transaction could not be done; code `None` for one that could. */
export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  /** The item as it is, if the action asked for it. */
  readonly Item?: Item;
}

/**
 * Does the same for every action of a transaction, in order.
 *
 * @throws AwsError TransactionCanceledException with the reasons of all actions, if any was refused;
 *   a refusal that does not cancel (an empty key, a table that is not there) as it is
 */
export function forEachAction<Action, Result>(
  actions: readonly Action[],
  perform: (action: Action) => Result,
): readonly Result[] {
  const results: Result[] = [];
  const reasons: CancellationReason[] = [];
  for (const action of actions) {
    try {
      results.push(perform(action));
      reasons.push({ Code: 'None' });
    } catch (error) {
      reasons.push(reasonOf(error));
    }
  }
  if (results.length < actions.length) throw cancelled(reasons);
  return results;
}

/** The refusal of a transaction as a whole. */
export function cancelled(reasons: readonly CancellationReason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons: reasons } },
  );
}

function reasonOf(error: unknown): CancellationReason {
  if (!(error instanceof AwsError) || error instanceof EmptyKeyError) throw error;
  const Code = reasonCodes[error.code];
  if (Code === undefined) throw error;
  return { Code, Message: error.message, ...error.members };
}

/** By the error that the action alone would be refused with. */
const reasonCodes: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ValidationException: 'ValidationError',
  // Of an INSERT statement, for an item that is there already.
  DuplicateItemException: 'DuplicateItem',
};
