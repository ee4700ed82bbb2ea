import type { NormalizedSchema } from '@smithy/core/schema';
import type { Constraint, ServiceConstraints } from './constraints.ts';
import { textDecoder } from './text-input.ts';
import { memberPath } from './violations.ts';
import type { XmlElement } from './xml-reader.ts';

export type XmlDecoder = (element: XmlElement, path: string) => unknown;

/**
 * Compiles schemas into decoders of XML, each structure once, by the xmlName, xmlFlattened and xmlAttribute
 * traits. Elements that the schema does not know are passed over.
 *
 * @returns the decoder of a schema; it throws `TypeMismatch` when text is no such value
 */
export function xmlDecoders(constraints: ServiceConstraints): (schema: NormalizedSchema) => XmlDecoder {
  const structures = new Map<unknown, XmlDecoder>();

  function decoder(schema: NormalizedSchema, constraint: Constraint | undefined): XmlDecoder {
    if (schema.isStructSchema()) return structure(schema);
    if (schema.isListSchema()) {
      const decode = listDecoder(schema, constraint);
      const item = schema.getValueSchema().getMergedTraits().xmlName ?? 'member';
      return ({ children }, path) =>
        decode(
          children.filter(({ name }) => name === item),
          path,
        );
    }
    if (schema.isMapSchema()) {
      const decode = mapDecoder(schema, constraint);
      return ({ children }, path) =>
        decode(
          children.filter(({ name }) => name === 'entry'),
          path,
        );
    }
    const read = textDecoder(schema, constraint, 'date-time');
    const verbatim = schema.isStringSchema();
    return ({ text }, path) => read(verbatim ? text : text.trim(), path);
  }

  function structure(schema: NormalizedSchema): XmlDecoder {
    const key = schema.getSchema();
    const known = structures.get(key);
    if (known) return known;
    // Members are compiled at first use, which also lets a structure contain itself.
    let members: readonly MemberReader[] | undefined;
    const decode: XmlDecoder = (element, path) => {
      const own = constraints.structures[schema.getName() ?? ''];
      members ??= [...schema.structIterator()].map(([name, member]) => memberReader(name, member, own?.[name]));
      const result: Record<string, unknown> = {};
      for (const read of members) read(element, path, result);
      return result;
    };
    structures.set(key, decode);
    return decode;
  }

  function memberReader(name: string, member: NormalizedSchema, constraint: Constraint | undefined): MemberReader {
    const traits = member.getMergedTraits();
    const wireName = traits.xmlName ?? name;
    if (traits.xmlAttribute) {
      const read = textDecoder(member, constraint, 'date-time');
      return ({ attributes }, path, result) => {
        const text = attributes.get(wireName);
        if (text !== undefined) result[name] = read(text, memberPath(path, name));
      };
    }
    if (traits.xmlFlattened && (member.isListSchema() || member.isMapSchema())) {
      const decode = member.isListSchema() ? listDecoder(member, constraint) : mapDecoder(member, constraint);
      return ({ children }, path, result) => {
        const elements = children.filter((child) => child.name === wireName);
        if (elements.length > 0) result[name] = decode(elements, memberPath(path, name));
      };
    }
    const decode = decoder(member, constraint);
    return ({ children }, path, result) => {
      const child = children.find((candidate) => candidate.name === wireName);
      if (child) result[name] = decode(child, memberPath(path, name));
    };
  }

  function listDecoder(schema: NormalizedSchema, constraint: Constraint | undefined): ElementsDecoder {
    const decode = decoder(schema.getValueSchema(), constraint?.member);
    return (elements, path) => elements.map((element, index) => decode(element, `${path}.${index + 1}.member`));
  }

  function mapDecoder(schema: NormalizedSchema, constraint: Constraint | undefined): ElementsDecoder {
    const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
    const valueSchema = schema.getValueSchema();
    const valueName = valueSchema.getMergedTraits().xmlName ?? 'value';
    const decode = decoder(valueSchema, constraint?.member);
    return (elements, path) => {
      const entries: [string, unknown][] = [];
      for (const { children } of elements) {
        const key = children.find(({ name }) => name === keyName)?.text;
        const value = children.find(({ name }) => name === valueName);
        if (key !== undefined && value) entries.push([key, decode(value, `${path}.${key}.member`)]);
      }
      return Object.fromEntries(entries);
    };
  }

  return (schema) => decoder(schema, undefined);
}

type MemberReader = (element: XmlElement, path: string, result: Record<string, unknown>) => void;

type ElementsDecoder = (elements: readonly XmlElement[], path: string) => unknown;
