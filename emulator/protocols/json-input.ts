import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../service.ts';
import type { Constraint, ServiceConstraints } from './constraints.ts';
import { dateOf, parseTimestamp, timestampFormat, type TimestampFormat } from './timestamps.ts';
import { TypeMismatch } from './type-mismatch.ts';
import { memberPath } from './violations.ts';

/** Turns a value of `JSON.parse` into the input that an operation gets. */
export type JsonDecoder = (value: unknown, path: string) => unknown;

/**
 * Compiles schemas into decoders, each schema once. Unknown members are dropped and null ones left out,
 * as AWS does; timestamps become Dates and blobs Buffers.
 *
 * @param jsonNames true where the protocol honours the `jsonName` trait (restJson1)
 * @returns the decoder of a schema; it throws `TypeMismatch` at the first value of another type
 */
export function jsonDecoders(
  constraints: ServiceConstraints,
  jsonNames: boolean,
): (schema: NormalizedSchema) => JsonDecoder {
  const structures = new Map<unknown, JsonDecoder>();

  function decoder(schema: NormalizedSchema, constraint: Constraint | undefined): JsonDecoder {
    if (schema.isUnitSchema() || schema.isDocumentSchema()) return (value) => value;
    if (schema.isStructSchema()) return structure(schema);
    if (schema.isListSchema()) return list(decoder(schema.getValueSchema(), constraint?.member), isSparse(schema));
    if (schema.isMapSchema()) return map(schema, decoder(schema.getValueSchema(), constraint?.member));
    if (schema.isStringSchema()) return string;
    if (schema.isBooleanSchema()) return boolean;
    if (schema.isTimestampSchema()) return timestamp(timestampFormat(schema, 'epoch-seconds'));
    if (schema.isBlobSchema()) return blob;
    return number(constraint);
  }

  function structure(schema: NormalizedSchema): JsonDecoder {
    const key = schema.getSchema();
    const known = structures.get(key);
    if (known) return known;
    // Members are compiled at first use, which also lets a structure contain itself.
    let members: Map<string, StructureMember> | undefined;
    const decode: JsonDecoder = (value, path) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new TypeMismatch(path, value, 'Structure', schema.getName());
      }
      members ??= compileMembers(schema);
      const source = value as Record<string, unknown>;
      const result: Record<string, unknown> = {};
      for (const name in source) {
        const member = members.get(name);
        if (!member) continue;
        const content = source[name];
        if (content !== null) result[member.name] = member.decode(content, memberPath(path, member.name));
      }
      return result;
    };
    structures.set(key, decode);
    return decode;
  }

  function compileMembers(schema: NormalizedSchema): Map<string, StructureMember> {
    const own = constraints.structures[schema.getName() ?? ''];
    const members = new Map<string, StructureMember>();
    for (const [name, member] of schema.structIterator()) {
      const wireName = (jsonNames ? member.getMergedTraits().jsonName : undefined) ?? name;
      members.set(wireName, { name, decode: decoder(member, own?.[name]) });
    }
    return members;
  }

  return (schema) => decoder(schema, undefined);
}

/**
 * Parses a body that must be a JSON object or list.
 *
 * @throws AwsError SerializationException without a message when it is neither, as AWS answers
 */
export function parseJson(body: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null) throw new AwsError('SerializationException', '');
  return value;
}

interface StructureMember {
  readonly name: string;
  readonly decode: JsonDecoder;
}

function isSparse(schema: NormalizedSchema): boolean {
  return schema.getMergedTraits().sparse === 1;
}

function list(element: JsonDecoder, sparse: boolean): JsonDecoder {
  return (value, path) => {
    if (!Array.isArray(value)) throw new TypeMismatch(path, value, 'List');
    const result: unknown[] = [];
    for (let index = 0; index < value.length; index++) {
      const content: unknown = value[index];
      if (content !== null) result.push(element(content, `${path}.${index + 1}.member`));
      else if (sparse) result.push(null);
    }
    return result;
  };
}

function map(schema: NormalizedSchema, entry: JsonDecoder): JsonDecoder {
  const sparse = isSparse(schema);
  const values = schema.getValueSchema();
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new TypeMismatch(path, value, 'Map', values.isStructSchema() ? values.getName() : undefined);
    }
    const source = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const key in source) {
      const content = source[key];
      if (content !== null) setEntry(result, key, entry(content, `${path}.${key}.member`));
      else if (sparse) setEntry(result, key, null);
    }
    return result;
  };
}

/** Keys are the caller's: `__proto__` must become an entry like any other. */
function setEntry(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

const string: JsonDecoder = (value, path) => {
  if (typeof value !== 'string') throw new TypeMismatch(path, value, 'String');
  return value;
};

const boolean: JsonDecoder = (value, path) => {
  if (typeof value !== 'boolean') throw new TypeMismatch(path, value, 'Boolean');
  return value;
};

function number({ long, fractional }: Constraint = {}): JsonDecoder {
  if (fractional) {
    return (value, path) => {
      if (typeof value === 'number') return value;
      // The three values that JSON has no number for are strings on the wire.
      if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
      throw new TypeMismatch(path, value, 'Double');
    };
  }
  return (value, path) => {
    if (typeof value !== 'number') throw new TypeMismatch(path, value, long ? 'Long' : 'Integer');
    // AWS cuts a fraction off rather than refusing it.
    return Math.trunc(value);
  };
}

/** Epoch seconds are numbers; text is taken only where the schema asks for one of the formats that are text. */
function timestamp(format: TimestampFormat): JsonDecoder {
  return (value, path) => {
    let date: Date | undefined;
    if (typeof value === 'number') date = dateOf(Math.round(value * 1000));
    else if (typeof value === 'string' && format !== 'epoch-seconds') date = parseTimestamp(value, format);
    if (!date) throw new TypeMismatch(path, value, 'Timestamp');
    return date;
  };
}

const blob: JsonDecoder = (value, path) => {
  if (typeof value !== 'string') throw new TypeMismatch(path, value, 'Blob');
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw new TypeMismatch(path, value, 'Blob');
  return Buffer.from(value, 'base64');
};
