import type { NormalizedSchema } from '@smithy/core/schema';
import type { Constraint, ServiceConstraints } from './constraints.ts';
import { TypeMismatch, type ExpectedType } from './type-mismatch.ts';
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
    if (schema.isMapSchema()) return map(decoder(schema.getValueSchema(), constraint?.member), isSparse(schema));
    if (schema.isStringSchema()) return string;
    if (schema.isBooleanSchema()) return boolean;
    if (schema.isTimestampSchema()) return timestamp;
    if (schema.isBlobSchema()) return blob;
    return number(constraint?.number);
  }

  function structure(schema: NormalizedSchema): JsonDecoder {
    const key = schema.getSchema();
    const known = structures.get(key);
    if (known) return known;
    // Members are compiled at first use, which also lets a structure contain itself.
    let members: Map<string, StructureMember> | undefined;
    const decode: JsonDecoder = (value, path) => {
      if (typeof value !== 'object' || value === null) throw mismatch(path, value, 'Structure');
      if (Array.isArray(value)) throw mismatch(path, value, 'Structure');
      members ??= compileMembers(schema);
      const source = value as Record<string, unknown>;
      const result: Record<string, unknown> = {};
      for (const name in source) {
        const member = members.get(name);
        if (!member) continue;
        const content = source[name];
        if (content !== null) result[member.name] = member.decode(content, memberPath(path, member.pathName));
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
      members.set(wireName, { name, pathName: name, decode: decoder(member, own?.[name]) });
    }
    return members;
  }

  return (schema) => decoder(schema, undefined);
}

interface StructureMember {
  readonly name: string;
  readonly pathName: string;
  readonly decode: JsonDecoder;
}

function isSparse(schema: NormalizedSchema): boolean {
  return schema.getMergedTraits().sparse === 1;
}

function list(element: JsonDecoder, sparse: boolean): JsonDecoder {
  return (value, path) => {
    if (!Array.isArray(value)) throw mismatch(path, value, 'List');
    const result: unknown[] = [];
    for (let index = 0; index < value.length; index++) {
      const content: unknown = value[index];
      if (content !== null) result.push(element(content, `${path}.${index + 1}.member`));
      else if (sparse) result.push(null);
    }
    return result;
  };
}

function map(entry: JsonDecoder, sparse: boolean): JsonDecoder {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(path, value, 'Map');
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
  if (typeof value !== 'string') throw mismatch(path, value, 'String');
  return value;
};

const boolean: JsonDecoder = (value, path) => {
  if (typeof value !== 'boolean') throw mismatch(path, value, 'Boolean');
  return value;
};

function number(kind: Constraint['number']): JsonDecoder {
  if (kind === 'float' || kind === 'double') {
    const expected = kind === 'float' ? 'Float' : 'Double';
    return (value, path) => {
      if (typeof value === 'number') return value;
      // The three values that JSON has no number for are strings on the wire.
      if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
      throw mismatch(path, value, expected);
    };
  }
  const expected = kind === 'long' ? 'Long' : 'Integer';
  return (value, path) => {
    if (typeof value !== 'number') throw mismatch(path, value, expected);
    return Number.isInteger(value) ? value : Math.trunc(value);
  };
}

const timestamp: JsonDecoder = (value, path) => {
  if (typeof value === 'number') return new Date(Math.round(value * 1000));
  if (typeof value === 'string') {
    const milliseconds = /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN;
    if (!Number.isNaN(milliseconds)) return new Date(milliseconds);
  }
  throw mismatch(path, value, 'Timestamp');
};

const blob: JsonDecoder = (value, path) => {
  if (typeof value !== 'string') throw mismatch(path, value, 'Blob');
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw mismatch(path, value, 'Blob');
  return Buffer.from(value, 'base64');
};

/**
 * The words of AWS's JSON deserialiser, as the JSON services send them: measured against Athena and SES
 * by others, and found in many a bug report of ECS and CodeDeploy.
 */
function mismatch(path: string, value: unknown, expected: ExpectedType): TypeMismatch {
  return new TypeMismatch(path, value, expected, mismatchText(value, expected));
}

function mismatchText(value: unknown, expected: ExpectedType): string {
  if (Array.isArray(value)) return 'Start of list found where not expected';
  if (typeof value === 'object' && value !== null) return 'Start of structure or map found where not expected.';
  if (expected === 'Structure') return 'Expected null';
  if (expected === 'List') return 'Expected list or null';
  if (expected === 'Map') return 'Expected map or null';
  if (expected === 'Timestamp') return `${tokenName(value)} can not be converted to milliseconds since epoch`;
  if (expected === 'Blob' && typeof value === 'string') {
    return value.length % 4 === 0
      ? `'${value}' can not be converted to a Blob: Invalid Base64 character`
      : `'${value}' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: ${value.length}`;
  }
  return `${tokenName(value)} can not be converted to ${expected === 'Integer' ? 'an' : 'a'} ${expected}`;
}

/** The token as AWS's parser calls it. */
export function tokenName(value: unknown): string {
  if (typeof value === 'string') return 'STRING_VALUE';
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  if (typeof value === 'number') return 'NUMBER_VALUE';
  return 'NULL_VALUE';
}
