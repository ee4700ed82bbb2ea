import { AwsError } from '../../../service.ts';

// Since 2026 AWS words some refusals of values in two ways, by operation: PutItem, UpdateItem, DeleteItem, GetItem,
// BatchGetItem and Query in the current one, BatchWriteItem, Scan and the transactions in the older one.

/** A refusal of a value in the older wording, which remembers the current one. */
export function refusedValue(older: string, current: string): AwsError {
  const error = new AwsError('ValidationException', older);
  currentWordings.set(error, current);
  return error;
}

/** A refusal as the current wording has it; most read the same in both. */
export function currentWordingOf(error: AwsError): string {
  return currentWordings.get(error) ?? error.message;
}

/** Reads values for an operation that refuses them in the current wording. */
export function inCurrentWording<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AwsError) || !currentWordings.has(error)) throw error;
    throw new AwsError(error.code, currentWordingOf(error));
  }
}

const currentWordings = new WeakMap<AwsError, string>();
