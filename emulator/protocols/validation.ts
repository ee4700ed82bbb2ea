import type { NormalizedSchema } from '@smithy/core/schema';
import type { Constraint, ServiceConstraints } from './constraints.ts';
import { compilePattern } from './patterns.ts';
import type { Violation } from './service-model.ts';
import { memberPath } from './violations.ts';

/** Looks at a decoded value and adds what is wrong with it. */
export type Validator = (value: unknown, path: string, violations: Violation[]) => void;

/**
 * Compiles schemas and generated constraints into validators, each structure once. They check required
 * members, lengths, ranges, patterns and enums; types are the decoder's business. Regular expressions
 * are compiled here, once.
 *
 * @returns the validator of a schema; undefined when there is nothing to check, however deep
 */
export function validators(constraints: ServiceConstraints): (schema: NormalizedSchema) => Validator | undefined {
  const structures = new Map<unknown, CompiledStructure>();

  function validator(schema: NormalizedSchema, constraint: Constraint | undefined): Validator | undefined {
    if (schema.isStructSchema()) return structure(schema);
    const own = constraint && simpleCheck(schema, constraint);
    if (schema.isListSchema()) return both(own, list(schema.getValueSchema(), constraint?.member));
    if (schema.isMapSchema()) return both(own, map(schema, constraint));
    return own;
  }

  function structure(schema: NormalizedSchema): Validator | undefined {
    const key = schema.getSchema();
    const known = structures.get(key);
    if (known?.complete) return known.check;
    // A structure that contains itself: what it checks is known only once it is compiled.
    if (known) return (value, path, violations) => known.check?.(value, path, violations);
    const slot: CompiledStructure = { check: undefined, complete: false };
    structures.set(key, slot);
    const required = requiredMembers(schema);
    const own = constraints.structures[schema.getName() ?? ''];
    const members: { name: string; check: Validator }[] = [];
    for (const [name, member] of schema.structIterator()) {
      const check = validator(member, own?.[name]);
      if (check) members.push({ name, check });
    }
    slot.complete = true;
    if (required.length === 0 && members.length === 0) return undefined;
    slot.check = (value, path, violations) => {
      const source = value as Record<string, unknown>;
      for (const name of required) {
        if (source[name] === undefined || source[name] === null) {
          violations.push({
            kind: 'required',
            path: memberPath(path, name),
            value: undefined,
            constraint: 'Member must not be null',
          });
        }
      }
      for (const { name, check } of members) {
        const content = source[name];
        if (content !== undefined && content !== null) check(content, memberPath(path, name), violations);
      }
    };
    return slot.check;
  }

  function list(element: NormalizedSchema, constraint: Constraint | undefined): Validator | undefined {
    if (element.isStructSchema() || element.isListSchema() || element.isMapSchema()) {
      const check = validator(element, constraint);
      if (!check) return undefined;
      return (value, path, violations) => {
        let index = 0;
        for (const content of value as unknown[]) {
          index++;
          if (content !== null) check(content, `${path}.${index}.member`, violations);
        }
      };
    }
    return (
      constraint && eachCheck(element, constraint, 'Member must satisfy constraint', (value) => value as unknown[])
    );
  }

  function map(schema: NormalizedSchema, constraint: Constraint | undefined): Validator | undefined {
    const keys =
      constraint?.key &&
      eachCheck(schema.getKeySchema(), constraint.key, 'Map keys must satisfy constraint', (value) =>
        Object.keys(value as object),
      );
    const element = schema.getValueSchema();
    if (!element.isStructSchema() && !element.isListSchema() && !element.isMapSchema()) {
      const values =
        constraint?.member &&
        eachCheck(element, constraint.member, 'Map value must satisfy constraint', (value) =>
          Object.values(value as object),
        );
      return both(keys, values);
    }
    const check = validator(element, constraint?.member);
    if (!check) return keys;
    return both(keys, (value, path, violations) => {
      for (const [key, content] of Object.entries(value as Record<string, unknown>)) {
        if (content !== null) check(content, `${path}.${key}.member`, violations);
      }
    });
  }

  return (schema) => validator(schema, undefined);
}

interface CompiledStructure {
  check: Validator | undefined;
  complete: boolean;
}

/** The required members of a structure: they come first, and its schema's last element counts them. */
export function requiredMembers(schema: NormalizedSchema): readonly string[] {
  const structure = schema.getSchema();
  if (!Array.isArray(structure)) return [];
  const [kind, , , , names, , count] = structure as unknown[];
  return (kind === 3 || kind === -3) && typeof count === 'number' ? (names as string[]).slice(0, count) : [];
}

function both(first: Validator | undefined, second: Validator | undefined): Validator | undefined {
  if (!first || !second) return first ?? second;
  return (value, path, violations) => {
    first(value, path, violations);
    second(value, path, violations);
  };
}

interface Rule {
  readonly kind: Violation['kind'];
  readonly text: string;
  readonly holds: (value: unknown) => boolean;
}

function simpleCheck(schema: NormalizedSchema, constraint: Constraint): Validator | undefined {
  // One by one, AWS names the pattern first; in one constraint (below), the length.
  const rules = rulesOf(schema, constraint).toReversed();
  if (rules.length === 0) return undefined;
  const marks = schema.getMergedTraits().sensitive ? { sensitive: true } : {};
  return (value, path, violations) => {
    for (const rule of rules) {
      if (!rule.holds(value)) violations.push({ kind: rule.kind, path, value, constraint: rule.text, ...marks });
    }
  };
}

/** AWS reports elements and keys of simple type on their collection, with all that they have to satisfy. */
function eachCheck(
  schema: NormalizedSchema,
  constraint: Constraint,
  prefix: string,
  elements: (value: unknown) => readonly unknown[],
): Validator | undefined {
  const rules = rulesOf(schema, constraint);
  if (rules.length === 0) return undefined;
  const text = `${prefix}: [${rules.map((rule) => rule.text).join(', ')}]`;
  return (value, path, violations) => {
    for (const element of elements(value)) {
      const broken = element === null ? undefined : rules.find((rule) => !rule.holds(element));
      if (broken) {
        violations.push({ kind: broken.kind, path, value, constraint: text });
        return;
      }
    }
  };
}

function rulesOf(schema: NormalizedSchema, constraint: Constraint): Rule[] {
  const { min, max, pattern } = constraint;
  const rules: Rule[] = [];
  const measure = schema.isNumericSchema() ? 'value' : 'length';
  const kind = measure === 'value' ? 'range' : 'length';
  const size = measure === 'value' ? (value: unknown) => value as number : lengthOf;
  if (max !== undefined) {
    const text = `Member must have ${measure} less than or equal to ${max}`;
    rules.push({ kind, text, holds: (value) => size(value) <= max });
  }
  if (min !== undefined) {
    const text = `Member must have ${measure} greater than or equal to ${min}`;
    rules.push({ kind, text, holds: (value) => size(value) >= min });
  }
  if (pattern !== undefined) {
    const expression = compilePattern(pattern);
    const text = `Member must satisfy regular expression pattern: ${pattern}`;
    rules.push({ kind: 'pattern', text, holds: (value) => expression.test(value as string) });
  }
  if (constraint.enum) {
    const values = new Set<unknown>(constraint.enum);
    const text = `Member must satisfy enum value set: [${constraint.enum.join(', ')}]`;
    rules.push({ kind: 'enum', text, holds: (value) => values.has(value) });
  }
  return rules;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return Object.keys(value as object).length;
}
