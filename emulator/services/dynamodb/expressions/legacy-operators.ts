import { AwsError } from '../../../service.ts';
import { typeOf, type AttributeType, type AttributeValue } from '../values/attribute-value.ts';
import { compareValues } from '../values/compare.ts';
import { normalizeValue } from '../values/normalize.ts';
import { evaluate } from './condition.ts';
import type { KeyOperator } from './key-condition.ts';
import { invalidParameters } from '../refusals.ts';

/** A ComparisonOperator with its values, checked. */
export interface LegacyComparison {
  readonly operator: LegacyOperator;
  readonly values: readonly AttributeValue[];
}

/**
 * Checks a ComparisonOperator and its AttributeValueList
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Condition.html).
 *
 * @param wires the values as the request has them
 * @throws AwsError ValidationException for a wrong value, too many or few, or of types that the operator has no use for
 */
export function checkLegacyComparison(name: string, wires: readonly unknown[]): LegacyComparison {
  const values = wires.map((wire) => normalizeValue(wire));
  const operator = operatorNamed(name);
  const { least, most, types } = rules[operator];
  if (values.length < least || values.length > most) {
    throw invalidParameters(`Invalid number of argument(s) for the ${name} ComparisonOperator`);
  }
  const [first, second] = values;
  if (first !== undefined) {
    const type = typeOf(first);
    if (values.some((value) => typeOf(value) !== type)) {
      throw invalidParameters('AttributeValues inside AttributeValueList must be of same type');
    }
    if (types !== undefined && !types.includes(type)) {
      throw invalidParameters(`ComparisonOperator ${name} is not valid for ${type} AttributeValue type`);
    }
    if (operator === 'BETWEEN' && second !== undefined && (compareValues(first, second) ?? 0) > 0) {
      throw new AwsError(
        'ValidationException',
        'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
      );
    }
  }
  return { operator, values };
}

/** Whether a comparison is true of an attribute's value; undefined where there is none. */
export function legacyHolds({ operator, values }: LegacyComparison, value: AttributeValue | undefined): boolean {
  const { expression, negated } = rules[operator];
  return evaluate(expression, [value, ...values]) !== negated;
}

/** The same comparison as one on a key. */
export function keyOperatorOf(operator: LegacyOperator): KeyOperator {
  return rules[operator].key ?? 'other';
}

type LegacyOperator =
  | 'EQ'
  | 'NE'
  | 'LE'
  | 'LT'
  | 'GE'
  | 'GT'
  | 'NOT_NULL'
  | 'NULL'
  | 'CONTAINS'
  | 'NOT_CONTAINS'
  | 'BEGINS_WITH'
  | 'IN'
  | 'BETWEEN';

interface Rule {
  /** How many values it takes. */
  readonly least: number;
  readonly most: number;
  /** Of which types they may be; undefined for any. */
  readonly types?: readonly AttributeType[];
  /** The operator or function of expressions that does the same, or its opposite where `negated`. */
  readonly expression: string;
  readonly negated: boolean;
  readonly key?: KeyOperator;
}

const scalars: readonly AttributeType[] = ['S', 'N', 'B'];
const members: readonly AttributeType[] = ['S', 'N', 'B', 'BOOL', 'NULL'];
const one = { least: 1, most: 1, negated: false };

const rules: Readonly<Record<LegacyOperator, Rule>> = {
  EQ: { ...one, expression: '=', key: '=' },
  NE: { ...one, expression: '<>' },
  LE: { ...one, types: scalars, expression: '<=', key: '<=' },
  LT: { ...one, types: scalars, expression: '<', key: '<' },
  GE: { ...one, types: scalars, expression: '>=', key: '>=' },
  GT: { ...one, types: scalars, expression: '>', key: '>' },
  NOT_NULL: { least: 0, most: 0, expression: 'attribute_exists', negated: false },
  NULL: { least: 0, most: 0, expression: 'attribute_not_exists', negated: false },
  CONTAINS: { ...one, types: members, expression: 'contains' },
  NOT_CONTAINS: { ...one, types: members, expression: 'contains', negated: true },
  BEGINS_WITH: { ...one, types: ['S', 'B'], expression: 'begins_with', key: 'begins_with' },
  IN: { least: 1, most: Number.POSITIVE_INFINITY, types: scalars, expression: 'IN', negated: false },
  BETWEEN: { least: 2, most: 2, types: scalars, expression: 'BETWEEN', negated: false, key: 'between' },
};

function operatorNamed(name: string): LegacyOperator {
  // The API's model lets no other name pass.
  if (!Object.hasOwn(rules, name)) throw new TypeError(`${name} is no ComparisonOperator.`);
  return name as LegacyOperator;
}
