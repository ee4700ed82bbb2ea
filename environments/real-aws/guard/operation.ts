/**
 * An operation that changes something, and may be called on what the run has made.
 *
 * `of` tells where in its input the names, ids or ARNs of what it changes stand, in a path: `a.b` goes into a
 * structure, `a[]` into each element of a list, `a{}` to the keys of a map. All of them have to be ours. A path
 * that begins with `?` may lead to nothing; one that begins with `~` leads to ids, which only mean something in
 * a cluster that is looked at itself, or to ARNs.
 */
export interface MutatingOperation {
  readonly of: readonly string[];
  /** Where it takes tags for what it makes, and in which form. An operation with tags is one that makes something. */
  readonly tags?: { readonly member: string; readonly form: TagForm };
  /** What it costs of the budget. */
  readonly spends?: { readonly kind: 'tasks' | 'jobs'; readonly count: (input: Input) => number };
}

/** `[{ key, value }]`, `[{ Key, Value }]` or `{ key: value }`. */
export type TagForm = 'key-value' | 'Key-Value' | 'map';

export type Input = Readonly<Record<string, unknown>>;

/** The services of our clients, by the names that these have. */
export type GuardedService = 'ecs' | 'batch' | 'logs' | 's3' | 'dynamodb' | 'sts';

/** The operations of one service, by name. What is in neither of the two is refused. */
export interface ServiceOperations {
  /** Operations that change nothing, besides those whose names begin with Describe, List, Get or Head. */
  readonly reads: readonly string[];
  readonly mutates: Readonly<Record<string, MutatingOperation>>;
}

/** The same row for several operations. */
export function rows(names: readonly string[], row: MutatingOperation): Record<string, MutatingOperation> {
  return Object.fromEntries(names.map((name) => [name, row]));
}
