import { expect, test } from '@playwright/test';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StructureSchema } from './schema-types.ts';
import type { Constraint } from './constraints.ts';
import type { Violation } from './service-model.ts';
import { validators } from './validation.ts';
import { describeViolations } from './violations.ts';

const string = 0;
const number = 1;
const blob = 21;
const listOf = 64;
const mapOf = 128;

/** A structure as the SDK exports them, of which the first `required` members must be there. */
function structure(members: Readonly<Record<string, unknown>>, required = 0, name = 'Example'): StructureSchema {
  const refs = Object.values(members) as StructureSchema[5];
  return [3, 'test', name, 0, Object.keys(members), refs, required];
}

/** What is wrong with a value of a structure whose members have these constraints. */
function violations(
  schema: StructureSchema,
  constraints: Readonly<Record<string, Constraint>>,
  value: unknown,
): Violation[] {
  const found: Violation[] = [];
  validators({ structures: { Example: constraints } })(NormalizedSchema.of(schema))?.(value, '', found);
  return found;
}

test('a schema with nothing to check has no validator', () => {
  const schema = NormalizedSchema.of(structure({ a: string, b: () => structure({ c: number }, 0, 'Inner') }));
  expect(validators({ structures: {} })(schema)).toBeUndefined();
});

test('required members must be there, wherever they are', () => {
  const inner = structure({ Key: string, Value: string }, 1, 'Inner');
  const schema = structure({ Name: string, Tags: [1, 'test', 'Tags', 0, () => inner], Other: string }, 1);
  expect(violations(schema, {}, { Tags: [{ Key: 'a' }, { Value: 'b' }] })).toMatchObject([
    { kind: 'required', path: 'name' },
    { kind: 'required', path: 'tags.2.member.key' },
  ]);
  expect(violations(schema, {}, { Name: 'a' })).toEqual([]);
});

test('lengths count characters, bytes and entries; ranges are of numbers', () => {
  const schema = structure({ s: string, b: blob, l: listOf, m: mapOf, n: number });
  const limits = { min: 2, max: 3 };
  const constraints = { s: limits, b: limits, l: limits, m: limits, n: limits };
  const tooShort = { s: 'a', b: Buffer.alloc(1), l: ['a'], m: { a: 'b' }, n: 1 };
  const tooLong = { s: 'abcd', b: Buffer.alloc(4), l: ['a', 'b', 'c', 'd'], m: { a: '', b: '', c: '', d: '' }, n: 4 };

  expect(violations(schema, constraints, tooShort).map(({ path, kind }) => [path, kind])).toEqual([
    ['s', 'length'],
    ['b', 'length'],
    ['l', 'length'],
    ['m', 'length'],
    ['n', 'range'],
  ]);
  expect(violations(schema, constraints, tooLong).map(({ constraint }) => constraint)).toEqual([
    'Member must have length less than or equal to 3',
    'Member must have length less than or equal to 3',
    'Member must have length less than or equal to 3',
    'Member must have length less than or equal to 3',
    'Member must have value less than or equal to 3',
  ]);
  expect(violations(schema, constraints, { s: 'ab', n: 3 })).toEqual([]);
});

test('elements and keys of simple type are reported on their collection', () => {
  const schema = structure({ names: listOf, tags: mapOf });
  const constraints = {
    names: { member: { min: 1, max: 3, pattern: '[a-z]+' } },
    tags: { key: { max: 1 }, member: { enum: ['yes', 'no'] } },
  };
  const found = violations(schema, constraints, { names: ['abc', 'A'], tags: { ab: 'maybe' } });
  expect(describeViolations(found)).toBe(
    "3 validation errors detected: Value '[abc, A]' at 'names' failed to satisfy constraint: Member must satisfy " +
      'constraint: [Member must have length less than or equal to 3, Member must have length greater than or equal to 1, ' +
      "Member must satisfy regular expression pattern: [a-z]+]; Value '{ab=maybe}' at 'tags' failed to satisfy " +
      "constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 1]; Value '{ab=maybe}' " +
      "at 'tags' failed to satisfy constraint: Map value must satisfy constraint: [Member must satisfy enum value set: [yes, no]]",
  );
});

test('a structure that contains itself is checked to the end', () => {
  const node: StructureSchema = structure({ Name: string, Next: () => node }, 1, 'Node');
  const schema = structure({ First: () => node });
  const found = violations(schema, {}, { First: { Name: 'a', Next: { Name: 'b', Next: { Next: { Name: 'd' } } } } });
  expect(found).toMatchObject([{ path: 'first.next.next.name' }]);
});

test('a sensitive value is not shown', () => {
  const schema = structure({ secret: [string, 8] });
  const found = violations(schema, { secret: { min: 8 } }, { secret: 'hunter2' });
  expect(describeViolations(found)).toBe(
    "1 validation error detected: Value at 'secret' failed to satisfy constraint: Member must have length greater than or equal to 8",
  );
});
