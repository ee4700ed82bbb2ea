import { splitEvery, splitHeader } from '@smithy/core/serde';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StructureSchema } from './schema-types.ts';
import type { Constraint, ServiceConstraints } from './constraints.ts';
import { textDecoder, type TextDecoder } from './text-input.ts';
import { formatTimestamp, parseTimestamp, timestampFormat, type TimestampFormat } from './timestamps.ts';
import { memberPath } from './violations.ts';

/** The parts of a request that members can be bound to, besides the body. */
export interface BoundRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the traits of a structure say on where its members travel in an HTTP message. */
export interface HttpBindings {
  /** The member that is the whole body, if one is. */
  readonly payload: { readonly name: string; readonly schema: NormalizedSchema } | undefined;
  /** A structure of the members that travel in the body under their names; undefined when there are none. */
  readonly body: NormalizedSchema | undefined;
}

/**
 * Sorts out the members of a structure (https://smithy.io/2.0/spec/http-bindings.html).
 *
 * @param boundTraits the traits that take a member out of the body: requests and responses differ
 */
export function httpBindings(schema: NormalizedSchema, boundTraits: readonly string[]): HttpBindings {
  const inBody: [string, NormalizedSchema][] = [];
  let payload: HttpBindings['payload'];
  if (schema.isStructSchema()) {
    for (const [name, member] of schema.structIterator()) {
      const traits = member.getMergedTraits();
      if (traits.httpPayload) payload = { name, schema: member };
      else if (!boundTraits.some((trait) => traits[trait] !== undefined)) inBody.push([name, member]);
    }
  }
  return { payload, body: inBody.length > 0 && !payload ? bodyOf(schema, inBody) : undefined };
}

export const requestTraits = ['httpLabel', 'httpQuery', 'httpQueryParams', 'httpHeader', 'httpPrefixHeaders'] as const;
export const responseTraits = ['httpHeader', 'httpPrefixHeaders', 'httpResponseCode'] as const;

/** The same structure with the members of the body only; same name, so that constraints and xmlName still hold. */
function bodyOf(schema: NormalizedSchema, members: readonly [string, NormalizedSchema][]): NormalizedSchema {
  const [, namespace, name, traits] = schema.getSchema() as StructureSchema;
  return NormalizedSchema.of([
    3,
    namespace,
    name,
    traits,
    members.map(([memberName]) => memberName),
    members.map(([, member]) => member.ref),
  ]);
}

/** Reads the bound members of a request into `input`. */
export type BindingReader = (request: BoundRequest, input: Record<string, unknown>) => void;

/**
 * Compiles the bindings of an input.
 *
 * @returns the reader; it throws `TypeMismatch` when a value cannot be what its schema says
 */
export function bindingReader(schema: NormalizedSchema, constraints: ServiceConstraints): BindingReader {
  const readers: BindingReader[] = [];
  const own = constraints.structures[schema.getName() ?? ''];
  const queryNames = new Set<string>();
  if (!schema.isStructSchema()) return () => undefined;
  for (const [, member] of schema.structIterator()) {
    const { httpQuery } = member.getMergedTraits();
    if (httpQuery !== undefined) queryNames.add(httpQuery);
  }
  for (const [name, member] of schema.structIterator()) {
    const reader = memberReader(name, member, own?.[name], queryNames);
    if (reader) readers.push(reader);
  }
  return (request, input) => {
    for (const read of readers) read(request, input);
  };
}

function memberReader(
  name: string,
  member: NormalizedSchema,
  constraint: Constraint | undefined,
  queryNames: ReadonlySet<string>,
): BindingReader | undefined {
  const traits = member.getMergedTraits();
  const path = memberPath('', name);
  if (traits.httpLabel) {
    const read = textDecoder(member, constraint, 'date-time');
    return ({ labels }, input) => {
      const text = labels[name];
      if (text !== undefined) input[name] = read(text, path);
    };
  }
  if (traits.httpQuery !== undefined) return queryReader(name, traits.httpQuery, member, constraint, path);
  if (traits.httpQueryParams) {
    const lists = member.getValueSchema().isListSchema();
    return ({ query }, input) => {
      const rest = [...new Set(query.keys())].filter((key) => !queryNames.has(key));
      if (rest.length === 0) return;
      input[name] = Object.fromEntries(rest.map((key) => [key, lists ? query.getAll(key) : query.get(key)]));
    };
  }
  if (traits.httpHeader !== undefined) {
    return headerReader(name, traits.httpHeader.toLowerCase(), member, constraint, path);
  }
  if (traits.httpPrefixHeaders !== undefined) {
    const prefix = traits.httpPrefixHeaders.toLowerCase();
    return ({ headers }, input) => {
      const entries = Object.entries(headers).filter(([key]) => key.startsWith(prefix));
      if (entries.length > 0) {
        input[name] = Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value]));
      }
    };
  }
  return undefined;
}

function queryReader(
  name: string,
  parameter: string,
  member: NormalizedSchema,
  constraint: Constraint | undefined,
  path: string,
): BindingReader {
  if (member.isListSchema()) {
    const read = textDecoder(member.getValueSchema(), constraint?.member, 'date-time');
    return ({ query }, input) => {
      if (query.has(parameter)) input[name] = query.getAll(parameter).map((text) => read(text, path));
    };
  }
  const read = textDecoder(member, constraint, 'date-time');
  // AWS takes a number without digits (`?max-keys=`) for one that was not sent.
  const numeric = member.isNumericSchema();
  return ({ query }, input) => {
    const text = query.get(parameter);
    if (text !== null && !(numeric && text === '')) input[name] = read(text, path);
  };
}

function headerReader(
  name: string,
  header: string,
  member: NormalizedSchema,
  constraint: Constraint | undefined,
  path: string,
): BindingReader {
  if (member.isListSchema()) {
    const element = member.getValueSchema();
    const read = textDecoder(element, constraint?.member, 'http-date');
    // An HTTP date has a comma of its own.
    const dates = element.isTimestampSchema() && timestampFormat(element, 'http-date') === 'http-date';
    return ({ headers }, input) => {
      const text = headers[header];
      if (text === undefined) return;
      const parts = dates ? splitEvery(text, ',', 2) : splitHeader(text);
      input[name] = parts.map((part) => read(part.trim(), path));
    };
  }
  if (member.isTimestampSchema() && timestampFormat(member, 'http-date') === 'http-date') {
    // A date that is none does not count (RFC 9110 13.1.3), rather than being refused.
    return ({ headers }, input) => {
      const date = parseTimestamp(headers[header] ?? '', 'http-date');
      if (date) input[name] = date;
    };
  }
  const read: TextDecoder = textDecoder(member, constraint, 'http-date');
  return ({ headers }, input) => {
    const text = headers[header];
    if (text !== undefined && text !== '') input[name] = read(text, path);
  };
}

/** Writes the bound members of an output or error as headers. */
export type BindingWriter = (output: Readonly<Record<string, unknown>>, headers: Record<string, string>) => void;

/** Compiles the header bindings of an output or error. */
export function bindingWriter(schema: NormalizedSchema): BindingWriter {
  const writers = new Map<string, (value: unknown, headers: Record<string, string>) => void>();
  if (!schema.isStructSchema()) return () => undefined;
  for (const [name, member] of schema.structIterator()) {
    const { httpHeader, httpPrefixHeaders } = member.getMergedTraits();
    if (httpHeader !== undefined) {
      const header = httpHeader.toLowerCase();
      const write = headerText(member, 'http-date');
      writers.set(name, (value, headers) => {
        headers[header] = write(value);
      });
    } else if (httpPrefixHeaders !== undefined) {
      const prefix = httpPrefixHeaders.toLowerCase();
      writers.set(name, (value, headers) => {
        for (const [key, text] of Object.entries(value as Record<string, unknown>)) {
          headers[prefix + key.toLowerCase()] = encodeHeader(String(text));
        }
      });
    }
  }
  // An output has few of the many members that it could have.
  return (output, headers) => {
    for (const name of Object.keys(output)) {
      const value = output[name];
      if (value !== undefined && value !== null) writers.get(name)?.(value, headers);
    }
  };
}

/** The member that says the response's status, if the output has one. */
export function responseCodeMember(schema: NormalizedSchema): string | undefined {
  if (!schema.isStructSchema()) return undefined;
  return [...schema.structIterator()].find(([, member]) => member.getMergedTraits().httpResponseCode)?.[0];
}

function headerText(schema: NormalizedSchema, timestamps: TimestampFormat): (value: unknown) => string {
  if (schema.isListSchema()) {
    const write = headerText(schema.getValueSchema(), timestamps);
    return (value) => (value as unknown[]).map(write).join(', ');
  }
  if (schema.isTimestampSchema()) {
    const format = timestampFormat(schema, timestamps);
    return (value) => formatTimestamp(value, format);
  }
  if (schema.isBlobSchema()) return (value) => Buffer.from(value as Uint8Array).toString('base64');
  return (value) => encodeHeader(String(value));
}

/** S3 returns metadata that ASCII cannot carry as an encoded word of RFC 2047. */
function encodeHeader(text: string): string {
  return /^[\t\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
}
