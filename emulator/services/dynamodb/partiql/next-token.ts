import { createHash } from 'node:crypto';
import type { AwsError } from '../../../service.ts';
import { isKeyValue } from '../storage/item-index.ts';
import type { KeyAttribute } from '../storage/table-store.ts';
import { invalid } from '../refusals.ts';
import { attributeOf, type AttributeValue, type Item } from '../values/attribute-value.ts';

/** Where the next page of a statement begins. */
export interface PageStart {
  /** Which of the statement's reads. */
  readonly read: number;
  /** The key that was read last. */
  readonly key: Item;
}

/** A NextToken: opaque, and of use with this statement and these parameters only. */
export function writeNextToken(statement: string, parameters: readonly AttributeValue[], start: PageStart): string {
  const key = Object.entries(start.key).map(([name, value]) => ({ name, ...textOf(value) }));
  const token: Token = { statement: fingerprint(statement, parameters), read: start.read, key };
  return Buffer.from(JSON.stringify(token)).toString('base64');
}

/**
 * @param attributes of a key where the statement reads
 * @throws AwsError ValidationException for what is no token, or one of another statement
 */
export function readNextToken(
  text: string,
  statement: string,
  parameters: readonly AttributeValue[],
  attributes: readonly KeyAttribute[],
): PageStart {
  const token = parse(text);
  if (!token) throw unreadable();
  if (token.statement !== fingerprint(statement, parameters)) throw invalid('NextToken does not match request');
  const key = Object.fromEntries(token.key.map(({ name, type, value }) => [name, valueOf(type, value)]));
  if (!attributes.every((attribute) => isKeyValue(attributeOf(key, attribute.name), attribute))) throw unreadable();
  return { read: token.read, key };
}

interface Token {
  readonly statement: string;
  readonly read: number;
  readonly key: readonly { readonly name: string; readonly type: 'S' | 'N' | 'B'; readonly value: string }[];
}

function unreadable(): AwsError {
  return invalid('Invalid NextToken');
}

function parse(text: string): Token | undefined {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64').toString()) as Partial<Token> | null;
    const isToken =
      typeof token?.statement === 'string' && Number.isSafeInteger(token.read) && Array.isArray(token.key);
    return isToken ? (token as Token) : undefined;
  } catch {
    return undefined;
  }
}

function fingerprint(statement: string, parameters: readonly AttributeValue[]): string {
  const text = JSON.stringify([statement, parameters], (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
  return createHash('sha256').update(text).digest('base64');
}

function textOf(value: AttributeValue): { readonly type: 'S' | 'N' | 'B'; readonly value: string } {
  if ('S' in value) return { type: 'S', value: value.S };
  if ('N' in value) return { type: 'N', value: value.N };
  if ('B' in value) return { type: 'B', value: Buffer.from(value.B).toString('base64') };
  throw new TypeError('A key that is neither text nor number nor binary.');
}

function valueOf(type: 'S' | 'N' | 'B', value: string): AttributeValue {
  if (type === 'S') return { S: value };
  return type === 'N' ? { N: value } : { B: Buffer.from(value, 'base64') };
}
