import { typeOf, type AttributeType, type AttributeValue } from '../values/attribute-value.ts';
import { refuseOverlaps, resolvePath, type DocumentPath } from './document-path.ts';
import { invalidExpression } from './expression-kind.ts';
import { resolveValue, type ExpressionScope } from './scope.ts';
import { knownType, type UpdateOperator, type UpdateValue } from './update-value.ts';
import type { UpdateActionSyntax, UpdateOperandSyntax, UpdateValueSyntax } from './update-syntax.ts';

/** An action of an update whose names and values are looked up. */
export type UpdateAction =
  | { readonly type: 'SET'; readonly path: DocumentPath; readonly value: UpdateValue }
  | { readonly type: 'REMOVE'; readonly path: DocumentPath }
  | { readonly type: 'ADD' | 'DELETE'; readonly path: DocumentPath; readonly operand: AttributeValue };

/**
 * Looks up the names and values of an update; then refuses paths that overlap or conflict, then what cannot be
 * added or deleted, then functions whose operands are not what they take.
 *
 * @throws AwsError ValidationException
 */
export function checkUpdate(scope: ExpressionScope, syntax: readonly UpdateActionSyntax[]): readonly UpdateAction[] {
  const actions = syntax.map((action) => resolveAction(scope, action));
  refuseOverlaps(
    kind,
    actions.map(({ path }) => path),
  );
  for (const action of actions) {
    if (action.type === 'ADD' || action.type === 'DELETE') checkSetOperand(action.type, action.operand);
  }
  for (const action of actions) {
    if (action.type === 'SET') checkValue(action.value);
  }
  return actions;
}

const kind = 'UpdateExpression';

const typeNames: Readonly<Record<AttributeType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  L: 'LIST',
  M: 'MAP',
};

function resolveAction(scope: ExpressionScope, action: UpdateActionSyntax): UpdateAction {
  const path = resolvePath(kind, scope, action.path);
  if (action.type === 'SET') return { type: action.type, path, value: resolveUpdateValue(scope, action.value) };
  if (action.type === 'REMOVE') return { type: action.type, path };
  return { type: action.type, path, operand: resolveValue(kind, scope, action.reference) };
}

function resolveUpdateValue(scope: ExpressionScope, syntax: UpdateValueSyntax | UpdateOperandSyntax): UpdateValue {
  if (syntax.type === 'path') return { type: 'path', path: resolvePath(kind, scope, syntax.path) };
  if (syntax.type === 'value') return { type: 'value', value: resolveValue(kind, scope, syntax.reference) };
  const operands = syntax.operands.map((operand) => resolveUpdateValue(scope, operand));
  // The reader has refused every other function.
  return { type: syntax.type === 'function' ? (syntax.name as UpdateOperator) : syntax.type, operands };
}

function checkSetOperand(operator: 'ADD' | 'DELETE', operand: AttributeValue): void {
  const type = typeOf(operand);
  if (type === 'SS' || type === 'NS' || type === 'BS' || (type === 'N' && operator === 'ADD')) return;
  throw invalidExpression(
    kind,
    'Incorrect operand type for operator or function; ' +
      `operator: ${operator}, operand type: ${typeNames[type]}, typeSet: ALLOWED_FOR_${operator}_OPERAND`,
  );
}

function checkValue(value: UpdateValue): void {
  if (value.type === 'path' || value.type === 'value') return;
  value.operands.forEach(checkValue);
  if (value.operands.length !== 2) {
    throw invalidExpression(
      kind,
      'Incorrect number of operands for operator or function; ' +
        `operator or function: ${value.type}, number of operands: ${value.operands.length}`,
    );
  }
  if (value.type === 'if_not_exists') {
    if (value.operands[0]?.type === 'path') return;
    throw invalidExpression(kind, `Operator or function requires a document path; operator or function: ${value.type}`);
  }
  const allowed = value.type === 'list_append' ? 'L' : 'N';
  for (const operand of value.operands) {
    const type = knownType(operand);
    if (type === undefined || type === allowed) continue;
    throw invalidExpression(
      kind,
      `Incorrect operand type for operator or function; operator or function: ${value.type}, operand type: ${type}`,
    );
  }
}
