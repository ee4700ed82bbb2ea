import type { NormalizedSchema } from '@smithy/core/schema';
import { assertDate, formatTimestamp, timestampFormat } from './timestamps.ts';

/** Turns an output into what `JSON.stringify` writes. */
export type JsonEncoder = (value: unknown) => unknown;

/**
 * Compiles schemas into encoders, each schema once. Members that the schema does not know are left out,
 * so that a service's records may carry more than the API shows.
 *
 * @param jsonNames true where the protocol honours the `jsonName` trait (restJson1)
 */
export function jsonEncoders(jsonNames: boolean): (schema: NormalizedSchema) => JsonEncoder {
  const structures = new Map<unknown, JsonEncoder>();

  function encoder(schema: NormalizedSchema): JsonEncoder {
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
        wireName: (jsonNames ? member.getMergedTraits().jsonName : undefined) ?? name,
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

  function list(schema: NormalizedSchema): JsonEncoder {
    const encode = encoder(schema.getValueSchema());
    return (value) => (value as unknown[]).map((element) => (element === null ? null : encode(element)));
  }

  function map(schema: NormalizedSchema): JsonEncoder {
    const encode = encoder(schema.getValueSchema());
    return (value) => {
      const entries = Object.entries(value as Record<string, unknown>).filter(([, content]) => content !== undefined);
      return Object.fromEntries(entries.map(([key, content]) => [key, content === null ? null : encode(content)]));
    };
  }

  return encoder;
}

const asItIs: JsonEncoder = (value) => value;

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
