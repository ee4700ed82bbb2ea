import type { NormalizedSchema } from '@smithy/core/schema';

/** A value of a schema with every member set, the same at every call; what contains itself ends after two levels. */
export function sampleOf(schema: NormalizedSchema, include: (path: string) => boolean = () => true): unknown {
  return sample(schema, { path: '', open: [], include });
}

interface Place {
  /** `RunTaskRequest.tags.member.key` */
  readonly path: string;
  /** The structures around this place. */
  readonly open: readonly unknown[];
  readonly include: (path: string) => boolean;
}

function sample(schema: NormalizedSchema, place: Place): unknown {
  if (schema.isStructSchema()) return structure(schema, place);
  if (schema.isListSchema()) {
    const at = { ...place, path: `${place.path}.member` };
    const element = schema.getValueSchema();
    // Two different elements where that is easy, so that an order would show.
    return element.isStringSchema() ? ['first', 'a second, "quoted"'] : [sample(element, at), sample(element, at)];
  }
  if (schema.isMapSchema()) {
    const value = sample(schema.getValueSchema(), { ...place, path: `${place.path}.value` });
    return { 'a-key': value, b: value };
  }
  // The SDK computes checksums and knows only real algorithms.
  if (place.path.endsWith('.ChecksumAlgorithm') && schema.isStringSchema()) return 'CRC32';
  if (schema.isStringSchema()) return place.path.split('.').at(-1) ?? '';
  if (schema.isBooleanSchema()) return true;
  if (schema.isTimestampSchema()) return new Date(1_700_000_000_000);
  if (schema.isBlobSchema()) return Uint8Array.from([0, 1, 254]);
  if (schema.isDocumentSchema()) return { free: ['form', 1, true] };
  return 3;
}

function structure(schema: NormalizedSchema, { path, open, include }: Place): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const name = schema.getName() ?? '';
  const self = schema.getSchema();
  for (const [memberName, member] of schema.structIterator()) {
    const memberPath = `${path === '' ? name : path}.${memberName}`;
    if (!include(memberPath) || !include(`${name}.${memberName}`)) continue;
    if (open.includes(self) && !member.isStringSchema()) continue;
    result[memberName] = sample(member, { path: memberPath, open: [...open, self], include });
    if (schema.isUnionSchema()) break;
  }
  return result;
}
