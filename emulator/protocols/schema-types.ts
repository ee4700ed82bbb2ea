import type { NormalizedSchema } from '@smithy/core/schema';

/** Whatever the SDK takes for a schema: a number, an array, or a function that gives one. */
export type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** How the SDK exports a structure: kind, namespace, name, traits, names of members, their schemas, how many are required. */
export type StructureSchema = Extract<SchemaRef, [3, ...unknown[]]>;

/** How the SDK exports an error: as a structure. */
export type ErrorSchema = Extract<SchemaRef, [-3, ...unknown[]]>;

/** How the SDK exports an operation: kind, namespace, name, traits, input, output. */
export type OperationSchema = Extract<SchemaRef, [9, ...unknown[]]>;
