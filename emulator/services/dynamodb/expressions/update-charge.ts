import { valueSize } from '../values/size.ts';
import type { DocumentPath } from './document-path.ts';
import type { UpdateAction } from './update-checks.ts';
import type { UpdateValue } from './update-value.ts';

// UpdateItem holds not only the item but also the UpdateExpression against the 400 KB of an item: what it writes,
// and so much for each action. It is documented nowhere; the public conformance suite
// paritysuite/dynamodb-conformance measured it to the byte in the 22 regions that do so (2026).

/** Bytes that an UpdateExpression counts with, whatever the item is. */
export function updateCharge(actions: readonly UpdateAction[]): number {
  return actions.reduce((total, action) => total + actionCharge(action), statementCharge);
}

const statementCharge = 3;
const writeCharge = 19;
const removalCharge = 1;
const operatorCharges = { '+': 34, '-': 37, if_not_exists: 39, list_append: 37 } as const;

function actionCharge(action: UpdateAction): number {
  const target = targetCharge(action.path);
  if (action.type === 'SET') return writeCharge + target + operandCharge(action.value);
  return action.type === 'ADD' ? writeCharge + target + valueSize(action.operand) : removalCharge + target;
}

function targetCharge([name, ...rest]: DocumentPath): number {
  return rest.reduce<number>((total, element) => total + 4 + elementSize(element), elementSize(name));
}

function operandCharge(value: UpdateValue): number {
  if (value.type === 'value') return valueSize(value.value);
  if (value.type === 'path') return value.path.reduce<number>((total, each) => total + 14 + elementSize(each), 1);
  return value.operands.reduce<number>((total, operand) => total + operandCharge(operand), operatorCharges[value.type]);
}

function elementSize(element: string | number): number {
  return Buffer.byteLength(String(element));
}
