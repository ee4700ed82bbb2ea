import { randomInt } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A new id as Cloud Map makes them: `ns-e4anhexample0004`, `srv-e4anhexample0004`. */
export function newId(prefix: 'ns' | 'srv'): string {
  return `${prefix}-${randomText(16)}`;
}

/** The id of a new operation: `gv4g5meo7ndmeh4fqskygvk23d2fijwa-k9302yzd`. */
export function newOperationId(): string {
  return `${randomText(32)}-${randomText(8)}`;
}

/** The id of a hosted zone of Route 53, which is not emulated: a name that nothing answers to. */
export function newHostedZoneId(): string {
  return `Z${randomText(20).toUpperCase()}`;
}

function randomText(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
