import type { NormalizedSchema } from '@smithy/core/schema';
import { assertDate, formatTimestamp, timestampFormat } from './timestamps.ts';

/** Turns an output into what `JSON.stringify` writes. */
export type JsonEncoder = (value: unknown) => unknown;

/**
 * Compiles schemas into encoders, each schema once. What is written as it stands is not copied. Members that the schema does not know are left out,
 * so that a service's records may carry more than the API shows.
 *
 * @param jsonNames true where the protocol honours the `jsonName` trait (restJson1)
 */
export function jsonEncoders(jsonNames: boolean): (schema: NormalizedSchema) => JsonEncoder {
  const structures = new Map<unknown, JsonEncoder>();

  function encoder(schema: NormalizedSchema): JsonEncoder {
    if (schema.isUnionSchema()) return union(schema);
    if (schema.isStructSchema()) return structure(schema);
    if (schema.isListSchema()) return list(schema);
    if (schema.isMapSchema()) return map(schema);
    if (schema.isTimestampSchema()) return timestamp(schema);
    if (schema.isBlobSchema()) return blob;
    if (schema.isNumericSchema()) return number;
    return asItIs;
  }

  function structure(schema: NormalizedSchema): JsonEncoder {
    const key = schema.getSchema();
    const known = structures.get(key);
    if (known) return known;
    let members: { name: string; wireName: string; encode: JsonEncoder }[] | undefined;
    const encode: JsonEncoder = (value) => {
      members ??= [...schema.structIterator()].map(([name, member]) => ({
        name,
        wireName: wireNameOf(name, member),
        encode: encoder(member),
      }));
      const source = value as Record<string, unknown>;
      const result: Record<string, unknown> = {};
      for (const { name, wireName, encode } of members) {
        const content = source[name];
        if (content !== undefined && content !== null) result[wireName] = encode(content);
      }
      return result;
    };
    structures.set(key, encode);
    return encode;
  }

  /** One member of many: asking for it by name is faster than asking for each of them. */
  function union(schema: NormalizedSchema): JsonEncoder {
    const key = schema.getSchema();
    const known = structures.get(key);
    if (known) return known;
    const whole = structure(schema);
    let members: Map<string, { wireName: string; encode: JsonEncoder }> | undefined;
    const encode: JsonEncoder = (value) => {
      members ??= new Map(
        Array.from(schema.structIterator(), ([name, member]) => [
          name,
          { wireName: wireNameOf(name, member), encode: encoder(member) },
        ]),
      );
      const source = value as Record<string, unknown>;
      const [name = '', another] = Object.keys(source);
      const member = another === undefined ? members.get(name) : undefined;
      const content = source[name];
      if (!member || content === undefined || content === null) return whole(value);
      const encoded = member.encode(content);
      return encoded === content && member.wireName === name ? value : { [member.wireName]: encoded };
    };
    structures.set(key, encode);
    return encode;
  }

  function list(schema: NormalizedSchema): JsonEncoder {
    const encode = encoder(schema.getValueSchema());
    if (encode === asItIs) return asItIs;
    return (value) => {
      const source = value as unknown[];
      let result: unknown[] | undefined;
      for (const [index, content] of source.entries()) {
        const encoded = content === null ? null : encode(content);
        if (encoded !== content) (result ??= [...source])[index] = encoded;
      }
      return result ?? source;
    };
  }

  function map(schema: NormalizedSchema): JsonEncoder {
    const encode = encoder(schema.getValueSchema());
    if (encode === asItIs) return asItIs;
    return (value) => {
      const source = value as Record<string, unknown>;
      let result: Record<string, unknown> | undefined;
      for (const key of Object.keys(source)) {
        const content = source[key];
        if (content === undefined || content === null) continue;
        const encoded = encode(content);
        if (encoded !== content) setOwn((result ??= { ...source }), key, encoded);
      }
      return result ?? source;
    };
  }

  function wireNameOf(name: string, member: NormalizedSchema): string {
    return (jsonNames ? member.getMergedTraits().jsonName : undefined) ?? name;
  }

  return encoder;
}

const asItIs: JsonEncoder = (value) => value;

/** Names in maps are the caller's: `__proto__` is one like any other. */
function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else object[name] = value;
}

const blob: JsonEncoder = (value) =>
  typeof value === 'string'
    ? Buffer.from(value).toString('base64')
    : Buffer.from(value as Uint8Array).toString('base64');

/** JSON has no numbers for NaN and the infinities; AWS writes them as strings. */
const number: JsonEncoder = (value) => (typeof value === 'bigint' || Number.isFinite(value) ? value : String(value));

function timestamp(schema: NormalizedSchema): JsonEncoder {
  const format = timestampFormat(schema, 'epoch-seconds');
  if (format === 'epoch-seconds') return (value) => assertDate(value).getTime() / 1000;
  return (value) => formatTimestamp(value, format);
}
