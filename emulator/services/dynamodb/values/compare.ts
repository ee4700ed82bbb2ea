import type { AttributeValue } from './attribute-value.ts';

/** Orders two values of the same type among S, N and B; undefined for any others, which have no order. */
export function compareValues(_a: AttributeValue, _b: AttributeValue): number | undefined {
  throw new Error('to be written');
}

/** Whether two values are the same: sets whatever their order, numbers by their value. */
export function equalValues(_a: AttributeValue, _b: AttributeValue): boolean {
  throw new Error('to be written');
}
