import type { Item } from '../values/attribute-value.ts';
import { refuseNesting } from '../values/normalize.ts';
import { applyChanges, type DocumentChange } from './document-changes.ts';
import { attributesOf, pickPaths, valueAt } from './document-path.ts';
import type { ExpressionScope } from './scope.ts';
import { added, subtracted } from './set-arithmetic.ts';
import { updateCharge } from './update-charge.ts';
import { checkUpdate, type UpdateAction } from './update-checks.ts';
import { missingOperand, pathsOf, valueOf, wrongOperandType } from './update-value.ts';
import { remembering } from './syntax-memory.ts';
import { readUpdate } from './update-syntax.ts';

/** A parsed UpdateExpression, or AttributeUpdates. */
export interface Update {
  /**
   * Makes the updated item. All operands are read from the item as it was.
   *
   * @throws AwsError ValidationException, e.g. for a document path that is not there
   */
  apply(item: Item): Item;
  /** The top-level attributes that it changes; none of the key may be among them. */
  readonly attributes: ReadonlySet<string>;
  /** The top-level attributes that it looks or reaches into, which key attributes cannot be; none when left out. */
  readonly nestedAttributes?: ReadonlySet<string>;
  /** What of an item, before or after, ReturnValues UPDATED_OLD and UPDATED_NEW show. */
  touched(item: Item): Item;
  /** Bytes that it counts with for UpdateItem; AttributeUpdates count with none. */
  readonly charge?: number;
}

/** @throws AwsError ValidationException: `Invalid UpdateExpression: …` */
export function parseUpdate(scope: ExpressionScope, text: string): Update {
  const actions = checkUpdate(scope, recall(text));
  const paths = actions.map(({ path }) => path);
  const read = actions.flatMap((action) => (action.type === 'SET' ? pathsOf(action.value) : []));
  return {
    apply: (item) =>
      applyChanges(
        item,
        actions.flatMap((action) => change(action, item)),
      ),
    touched: (item) => pickPaths(item, paths),
    charge: updateCharge(actions),
    attributes: attributesOf(paths).attributes,
    nestedAttributes: attributesOf([...paths, ...read]).nestedAttributes,
  };
}

const recall = remembering(readUpdate);

function change(action: UpdateAction, item: Item): readonly DocumentChange[] {
  const { path } = action;
  if (action.type === 'REMOVE') return [{ path, value: undefined }];
  if (action.type === 'SET') {
    const value = valueOf(action.value, item);
    if (value === undefined) throw missingOperand();
    // What lies in a list or map that lies in others must not lie too deep.
    refuseNesting(value, path.length - 1);
    return [{ path, value }];
  }
  const current = valueAt(item, path);
  if (action.type === 'ADD') {
    const value = added(current, action.operand);
    if (value === undefined) throw wrongOperandType();
    return [{ path, value }];
  }
  // Nothing is taken from nothing, but the path must be one that could be there.
  if (current === undefined) return [{ path, value: undefined }];
  const result = subtracted(current, action.operand);
  if (result === undefined) throw wrongOperandType();
  return [{ path, value: result.remaining }];
}
