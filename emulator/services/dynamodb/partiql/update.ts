import { AwsError } from '../../../service.ts';
import { applyChanges, type DocumentChange } from '../expressions/document-changes.ts';
import {
  attributesOf,
  type DocumentPath,
  pickPaths,
  refuseOverlaps,
  samePath,
  valueAt,
} from '../expressions/document-path.ts';
import { added, subtracted } from '../expressions/set-arithmetic.ts';
import type { Update } from '../expressions/update.ts';
import {
  knownType,
  missingOperand,
  pathsOf,
  type UpdateOperator,
  type UpdateValue,
  valueOf,
  wrongOperandType,
} from '../expressions/update-value.ts';
import { invalid } from '../refusals.ts';
import type { AttributeValue, Item } from '../values/attribute-value.ts';
import { refuseNesting } from '../values/normalize.ts';
import { invalidAt } from './refusals.ts';
import type { Expression, UpdateActionSyntax } from './syntax.ts';
import { constantValue, isConstant } from './values.ts';

/**
 * Looks up the values of SET and REMOVE clauses and checks them.
 *
 * @throws AwsError ValidationException
 */
export function checkUpdate(actions: readonly UpdateActionSyntax[], parameters: readonly AttributeValue[]): Update {
  const checked = actions.map((action) => checkAction(action, parameters));
  const paths = checked.map(({ path }) => path);
  withoutPrefix(() => refuseOverlaps('UpdateExpression', paths));
  const read = checked.flatMap((action) => (action.type === 'SET' ? pathsOf(action.value) : []));
  return {
    apply: (item) =>
      applyChanges(
        item,
        checked.map((action) => change(action, item)),
      ),
    touched: (item) => pickPaths(item, paths),
    attributes: attributesOf(paths).attributes,
    nestedAttributes: attributesOf([...paths, ...read]).nestedAttributes,
  };
}

type UpdateAction =
  | { readonly type: 'SET'; readonly path: DocumentPath; readonly value: UpdateValue }
  | { readonly type: 'REMOVE'; readonly path: DocumentPath }
  | { readonly type: 'set_add' | 'set_delete'; readonly path: DocumentPath; readonly operand: AttributeValue };

function checkAction(action: UpdateActionSyntax, parameters: readonly AttributeValue[]): UpdateAction {
  const { path } = action.path;
  if (action.type === 'REMOVE') return { type: 'REMOVE', path };
  const { value } = action;
  if (value.type === 'call' && (value.name === 'set_add' || value.name === 'set_delete')) {
    return { type: value.name, path, operand: checkSetOperand(value, path, parameters) };
  }
  return { type: 'SET', path, value: checkValue(value, parameters) };
}

function checkSetOperand(
  call: Extract<Expression, { type: 'call' }>,
  path: DocumentPath,
  parameters: readonly AttributeValue[],
): AttributeValue {
  const name = call.name.toUpperCase();
  const [target, operand, ...others] = call.operands;
  if (!target || !operand || others.length > 0) throw invalidAt(`${name} must have exactly two arguments`, call);
  if (target.type !== 'path' || !samePath(target.path, path)) {
    throw invalidAt(`The first argument to ${name} must equal the assignment value`, call);
  }
  const value = isConstant(operand) ? constantValue(operand, parameters) : undefined;
  if (value && ('SS' in value || 'NS' in value || 'BS' in value)) return value;
  throw invalidAt(`The second argument to ${name} must be a value with type SET`, target);
}

function checkValue(expression: Expression, parameters: readonly AttributeValue[]): UpdateValue {
  if (isConstant(expression)) return { type: 'value', value: constantValue(expression, parameters) };
  if (expression.type === 'path') return { type: 'path', path: expression.path };
  if (expression.type === 'binary') {
    const { operator } = expression;
    if (operator !== '+' && operator !== '-') {
      throw invalid(`Unsupported operator in Update Expression. Operator: ${operator}`);
    }
    return pair(operator, [expression.left, expression.right], parameters);
  }
  if (expression.type === 'call') {
    const { name } = expression;
    if (name === 'list_append' || name === 'if_not_exists') return pair(name, expression.operands, parameters);
    throw invalidAt(`Unrecognized function: ${name}`, expression);
  }
  throw invalidAt(`Unsupported token in expression: ${expression.type}`, expression);
}

function pair(
  type: UpdateOperator,
  operands: readonly Expression[],
  parameters: readonly AttributeValue[],
): UpdateValue {
  const [left, right, ...others] = operands.map((operand) => checkValue(operand, parameters));
  if (!left || !right || others.length > 0) {
    throw invalid(
      'Incorrect number of operands for operator or function; ' +
        `operator or function: ${type}, number of operands: ${operands.length}`,
    );
  }
  if (type === 'if_not_exists') {
    if (left.type === 'path') return { type, operands: [left, right] };
    throw invalid(`Operator or function requires a document path; operator or function: ${type}`);
  }
  const allowed = type === 'list_append' ? 'L' : 'N';
  for (const operand of [left, right]) {
    const known = knownType(operand);
    if (known !== undefined && known !== allowed) {
      throw invalid(
        `Incorrect operand type for operator or function; operator or function: ${type}, operand type: ${known}`,
      );
    }
  }
  return { type, operands: [left, right] };
}

function change(action: UpdateAction, item: Item): DocumentChange {
  const { path } = action;
  if (action.type === 'REMOVE') return { path, value: undefined };
  if (action.type === 'SET') {
    const value = valueOf(action.value, item);
    if (value === undefined) throw missingOperand();
    refuseDepth(value, path.length - 1);
    return { path, value };
  }
  const current = valueAt(item, path);
  if (action.type === 'set_add') {
    const value = current && 'N' in current ? undefined : added(current, action.operand);
    if (value === undefined) throw wrongOperandType();
    return { path, value };
  }
  if (current === undefined) return { path, value: undefined };
  const result = subtracted(current, action.operand);
  if (result === undefined) throw wrongOperandType();
  return { path, value: result.remaining };
}

/** PartiQL tells less of what lies too deep than other operations do. */
function refuseDepth(value: AttributeValue, level: number): void {
  try {
    refuseNesting(value, level);
  } catch (error) {
    if (error instanceof AwsError) throw invalid('Nesting Levels have exceeded supported limits');
    throw error;
  }
}

/** PartiQL does not say which expression of a request is wrong; there is one statement. */
function withoutPrefix(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(error.message.replace(/^Invalid UpdateExpression: /, ''));
  }
}
