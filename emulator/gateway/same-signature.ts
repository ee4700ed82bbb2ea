import { timingSafeEqual } from 'node:crypto';

/** Compares a signature with the computed one, as text, and takes as long for any that has its length. */
export function isSameSignature(given: string, computed: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(computed);
  return left.length === right.length && timingSafeEqual(left, right);
}
