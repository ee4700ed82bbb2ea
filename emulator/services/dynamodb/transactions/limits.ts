import { keyText } from '../items/keys.ts';
import { invalid } from '../refusals.ts';
import type { TableRecord } from '../tables/table-record.ts';
import type { Item } from '../values/attribute-value.ts';

/**
 * @param targets the items that the actions of a transaction are about, by keys that have been checked
 * @throws AwsError ValidationException when two are the same
 */
export function refuseSameTargets(targets: readonly { readonly table: TableRecord; readonly key: Item }[]): void {
  const seen = new Map<TableRecord, Set<string>>();
  for (const { table, key } of targets) {
    const keys = seen.get(table) ?? new Set();
    seen.set(table, keys);
    if (keys.size === keys.add(keyText(table, key)).size) {
      throw invalid('Transaction request cannot include multiple operations on one item');
    }
  }
}

/**
 * @param bytes of all items of a transaction
 * @throws AwsError ValidationException for more than 4 MB (developer guide, "Amazon DynamoDB Transactions")
 */
export function refuseTooMuch(bytes: number): void {
  if (bytes > 4 * 2 ** 20) throw invalid('The aggregate size of the items in the transaction exceeds 4 MB');
}
