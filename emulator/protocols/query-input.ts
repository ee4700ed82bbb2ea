import type { NormalizedSchema } from '@smithy/core/schema';
import type { Constraint, ServiceConstraints } from './constraints.ts';
import { textDecoder } from './text-input.ts';
import { TypeMismatch } from './type-mismatch.ts';
import { memberPath } from './violations.ts';

/** The parameters of a query as a tree: `Tags.member.1.Key=a` is a leaf four levels down. */
export interface QueryNode {
  value?: string;
  readonly children: Map<string, QueryNode>;
}

export type QueryDecoder = (node: QueryNode, path: string) => unknown;

/** Deeper than any input of AWS; what goes beyond is cut off rather than followed. */
const maximumDepth = 64;

/** Reads `application/x-www-form-urlencoded` parameters into a tree. */
export function queryTree(form: string): QueryNode {
  const root: QueryNode = { children: new Map() };
  for (const [name, value] of new URLSearchParams(form)) {
    let node = root;
    for (const part of name.split('.', maximumDepth)) {
      let child = node.children.get(part);
      if (!child) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.value = value;
  }
  return root;
}

/**
 * Compiles schemas into decoders of awsQuery parameters: `member.N` for lists, `entry.N.key` for maps,
 * both without the middle part when flattened (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html).
 */
export function queryDecoders(constraints: ServiceConstraints): (schema: NormalizedSchema) => QueryDecoder {
  const structures = new Map<unknown, QueryDecoder>();

  function decoder(schema: NormalizedSchema, constraint: Constraint | undefined): QueryDecoder {
    if (schema.isUnitSchema()) return () => ({});
    if (schema.isStructSchema()) return structure(schema);
    if (schema.isListSchema()) return list(schema, constraint);
    if (schema.isMapSchema()) return map(schema, constraint);
    const read = textDecoder(schema, constraint, 'date-time');
    return (node, path) => {
      if (node.value === undefined) throw new TypeMismatch(path, undefined, 'String');
      return read(node.value, path);
    };
  }

  function structure(schema: NormalizedSchema): QueryDecoder {
    const key = schema.getSchema();
    const known = structures.get(key);
    if (known) return known;
    let members: { name: string; wireName: string; decode: QueryDecoder }[] | undefined;
    const decode: QueryDecoder = (node, path) => {
      const own = constraints.structures[schema.getName() ?? ''];
      members ??= [...schema.structIterator()].map(([name, member]) => ({
        name,
        wireName: member.getMergedTraits().xmlName ?? name,
        decode: decoder(member, own?.[name]),
      }));
      const result: Record<string, unknown> = {};
      for (const { name, wireName, decode } of members) {
        const child = node.children.get(wireName);
        if (child) result[name] = decode(child, memberPath(path, name));
      }
      return result;
    };
    structures.set(key, decode);
    return decode;
  }

  function list(schema: NormalizedSchema, constraint: Constraint | undefined): QueryDecoder {
    const item = schema.getValueSchema();
    const decode = decoder(item, constraint?.member);
    const name = schema.getMergedTraits().xmlFlattened ? undefined : (item.getMergedTraits().xmlName ?? 'member');
    return (node, path) =>
      numbered(name === undefined ? node : node.children.get(name)).map((child, index) =>
        decode(child, `${path}.${index + 1}.member`),
      );
  }

  function map(schema: NormalizedSchema, constraint: Constraint | undefined): QueryDecoder {
    const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
    const valueSchema = schema.getValueSchema();
    const valueName = valueSchema.getMergedTraits().xmlName ?? 'value';
    const decode = decoder(valueSchema, constraint?.member);
    const flattened = schema.getMergedTraits().xmlFlattened === 1;
    return (node, path) => {
      const entries: [string, unknown][] = [];
      for (const entry of numbered(flattened ? node : node.children.get('entry'))) {
        const key = entry.children.get(keyName)?.value;
        const value = entry.children.get(valueName);
        if (key !== undefined && value) entries.push([key, decode(value, `${path}.${key}.member`)]);
      }
      return Object.fromEntries(entries);
    };
  }

  return (schema) => decoder(schema, undefined);
}

/** The children `1`, `2`, … in the order of their numbers; gaps are closed, as AWS does. */
function numbered(node: QueryNode | undefined): QueryNode[] {
  return [...(node?.children ?? [])]
    .filter(([key]) => /^\d+$/.test(key))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}
