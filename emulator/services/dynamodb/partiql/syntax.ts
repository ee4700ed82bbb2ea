import type { SourcePosition } from './tokens.ts';

/** An expression as it is written, its literals and parameters not looked at yet. */
export type Expression = SourcePosition &
  (
    | { readonly type: 'string' | 'number'; readonly text: string }
    | { readonly type: 'boolean'; readonly value: boolean }
    | { readonly type: 'null' | 'missing' }
    | { readonly type: 'list' | 'bag'; readonly elements: readonly Expression[] }
    | { readonly type: 'struct'; readonly fields: readonly StructField[] }
    | PathExpression
    /** `index` counts the parameters of the statement from zero. */
    | { readonly type: 'parameter'; readonly index: number }
    /** `name` is in lower case. */
    | { readonly type: 'call'; readonly name: string; readonly operands: readonly Expression[] }
    | {
        readonly type: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly type: 'not' | 'sign'; readonly operand: Expression }
    | { readonly type: 'in'; readonly operand: Expression; readonly candidates: readonly Expression[] }
    | { readonly type: 'between'; readonly operand: Expression; readonly low: Expression; readonly high: Expression }
    | { readonly type: 'is'; readonly operand: Expression; readonly typeName: string }
    | { readonly type: 'exists'; readonly select: SelectStatement }
  );

export interface PathExpression extends SourcePosition {
  readonly type: 'path';
  readonly path: readonly [string, ...(string | number)[]];
}

export interface StructField {
  readonly name: string;
  readonly value: Expression;
}

export type BinaryOperator =
  | 'AND'
  | 'OR'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '||'
  | 'LIKE';

export type Statement = SelectStatement | InsertStatement | UpdateStatement | DeleteStatement | ExistsStatement;

/** A table, and an index of it. */
export interface Source {
  readonly table: string;
  readonly index: string | undefined;
}

export interface SelectStatement {
  readonly type: 'select';
  /** Undefined for `*`. */
  readonly projection: readonly Expression[] | undefined;
  readonly source: Source;
  readonly where: Expression | undefined;
  readonly orderBy: readonly OrderTerm[];
}

export interface OrderTerm {
  readonly attribute: Expression;
  readonly descending: boolean;
}

export interface InsertStatement {
  readonly type: 'insert';
  readonly source: Source;
  readonly value: Expression;
}

export interface UpdateStatement {
  readonly type: 'update';
  readonly source: Source;
  readonly actions: readonly UpdateActionSyntax[];
  readonly where: Expression | undefined;
  readonly returning: Returning | undefined;
}

export type UpdateActionSyntax =
  | { readonly type: 'SET'; readonly path: PathExpression; readonly value: Expression }
  | { readonly type: 'REMOVE'; readonly path: PathExpression };

export interface DeleteStatement {
  readonly type: 'delete';
  readonly source: Source;
  readonly where: Expression | undefined;
  readonly returning: Returning | undefined;
}

/** `EXISTS(SELECT …)`, the condition check of a transaction. */
export interface ExistsStatement {
  readonly type: 'exists';
  readonly source: Source;
  readonly select: SelectStatement;
}

export type Returning = 'ALL OLD' | 'MODIFIED OLD' | 'ALL NEW' | 'MODIFIED NEW';
