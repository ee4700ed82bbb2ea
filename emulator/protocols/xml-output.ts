import type { NormalizedSchema } from '@smithy/core/schema';
import { formatTimestamp, timestampFormat } from './timestamps.ts';

/** Writes the content of an element: what stands between its tags. */
export type XmlContent = (value: unknown) => string;

/** One member of a structure, ready to be written as elements. */
interface XmlMember {
  readonly name: string;
  /** The whole element or, for flattened collections, elements. */
  readonly write: (value: unknown) => string;
}

/**
 * Compiles structures into writers, each structure once, by the xmlName, xmlFlattened, xmlAttribute and
 * xmlNamespace traits (https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings).
 */
export function xmlWriters(): {
  /** An element with this name around a value of the schema. */
  element: (name: string, schema: NormalizedSchema) => XmlContent;
  /** The members of a structure without an element around them; `include` picks some. */
  members: (schema: NormalizedSchema, include?: (member: NormalizedSchema) => boolean) => XmlContent;
} {
  const structures = new Map<unknown, { content: XmlContent; attributes: XmlContent }>();

  function element(name: string, schema: NormalizedSchema): XmlContent {
    const namespace = namespaceAttribute(schema);
    if (!schema.isStructSchema()) {
      const content = contentOf(schema);
      return (value) => `<${name}${namespace}>${content(value)}</${name}>`;
    }
    const { content, attributes } = structure(schema);
    return (value) => `<${name}${namespace}${attributes(value)}>${content(value)}</${name}>`;
  }

  function structure(schema: NormalizedSchema): { content: XmlContent; attributes: XmlContent } {
    const key = schema.getSchema();
    const known = structures.get(key);
    if (known) return known;
    // Compiled at first use, which also lets a structure contain itself.
    let content: XmlContent | undefined;
    const attributes = [...schema.structIterator()].filter(([, member]) => member.getMergedTraits().xmlAttribute);
    const result = {
      content: (value: unknown) =>
        (content ??= members(schema, (member) => !member.getMergedTraits().xmlAttribute))(value),
      attributes: (value: unknown) =>
        attributes
          .filter(([name]) => (value as Record<string, unknown>)[name] !== undefined)
          .map(([name, member]) => {
            const text = escapeXml(String((value as Record<string, unknown>)[name]));
            return ` ${member.getMergedTraits().xmlName ?? name}="${text}"`;
          })
          .join(''),
    };
    structures.set(key, result);
    return result;
  }

  function members(schema: NormalizedSchema, include: (member: NormalizedSchema) => boolean = () => true): XmlContent {
    const list = [...schema.structIterator()]
      .filter(([, member]) => include(member))
      .map(([name, member]): XmlMember => ({
        name,
        write: memberWriter(member.getMergedTraits().xmlName ?? name, member),
      }));
    return (value) => {
      const source = value as Record<string, unknown>;
      let text = '';
      for (const { name, write } of list) {
        const content = source[name];
        if (content !== undefined && content !== null) text += write(content);
      }
      return text;
    };
  }

  function memberWriter(name: string, schema: NormalizedSchema): XmlContent {
    const flattened = schema.getMergedTraits().xmlFlattened === 1;
    if (schema.isListSchema() && flattened) {
      const write = element(name, schema.getValueSchema());
      return (value) => (value as unknown[]).map(write).join('');
    }
    if (schema.isMapSchema() && flattened) {
      const write = mapEntry(name, schema);
      return (value) =>
        Object.entries(value as object)
          .map(write)
          .join('');
    }
    return element(name, schema);
  }

  function contentOf(schema: NormalizedSchema): XmlContent {
    if (schema.isListSchema()) {
      const item = schema.getValueSchema();
      const write = element(item.getMergedTraits().xmlName ?? 'member', item);
      return (value) => (value as unknown[]).map(write).join('');
    }
    if (schema.isMapSchema()) {
      const write = mapEntry('entry', schema);
      return (value) =>
        Object.entries(value as object)
          .map(write)
          .join('');
    }
    return simpleContent(schema);
  }

  function mapEntry(name: string, schema: NormalizedSchema): (entry: [string, unknown]) => string {
    const keyTag = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
    const valueSchema = schema.getValueSchema();
    const write = element(valueSchema.getMergedTraits().xmlName ?? 'value', valueSchema);
    return ([key, value]) => `<${name}><${keyTag}>${escapeXml(key)}</${keyTag}>${write(value)}</${name}>`;
  }

  return { element, members };
}

/** Escapes text for an element or a quoted attribute; what XML 1.0 cannot carry raw becomes a reference. */
export function escapeXml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be sent raw
  return text.replaceAll(/[&<>"\u0000-\u0008\u000b-\u001f\u0085\u2028\ufffe\uffff]/g, (character) => {
    const named = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[character];
    return named ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
  });
}

function simpleContent(schema: NormalizedSchema): XmlContent {
  if (schema.isTimestampSchema()) {
    const format = timestampFormat(schema, 'date-time');
    return (value) => formatTimestamp(value, format);
  }
  if (schema.isBlobSchema()) return (value) => Buffer.from(value as Uint8Array | string).toString('base64');
  return (value) => escapeXml(String(value));
}

function namespaceAttribute(schema: NormalizedSchema): string {
  const [prefix, uri] = schema.getMergedTraits().xmlNamespace ?? [];
  if (!uri) return '';
  return ` xmlns${prefix ? `:${prefix}` : ''}="${escapeXml(uri)}"`;
}
