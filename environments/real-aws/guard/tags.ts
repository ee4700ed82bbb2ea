import type { Input, TagForm } from './operation.ts';

/** The tags of everything that a run makes. */
export const tagKeys = { runId: 'testbed:run-id', testId: 'testbed:test-id', expires: 'testbed:expires' } as const;

const keyPrefix = 'testbed:';

export type OwnTags = Readonly<Record<string, string>>;

/**
 * @param testId undefined for what belongs to no test
 * @param expires from when on the sweeper may remove it
 */
export function ownTags(runId: string, testId: string | undefined, expires: Date): OwnTags {
  return {
    [tagKeys.runId]: runId,
    [tagKeys.testId]: testId ?? 'none',
    [tagKeys.expires]: expires.toISOString(),
  };
}

/** Adds ours to the tags that a call gives. */
export function withTags(given: unknown, form: TagForm, own: OwnTags): unknown {
  if (form === 'map') return { ...(given as object | undefined), ...own };
  const [key, value] = namesOf(form);
  const others = ((given as Input[] | undefined) ?? []).filter((tag) => !isOwnKey(tag[key]));
  return [...others, ...Object.entries(own).map(([name, content]) => ({ [key]: name, [value]: content }))];
}

/** Whether a tag is one of ours, which scenarios neither see nor remove. */
export function isOwnKey(key: unknown): boolean {
  return typeof key === 'string' && key.startsWith(keyPrefix);
}

/** A copy of an answer without our tags, so that scenarios see those that they gave; what is no plain data stays as it is. */
export function withoutOwnTags<T>(answer: T): T {
  return strip(answer, '') as T;
}

function strip(value: unknown, member: string): unknown {
  if (Array.isArray(value)) {
    const kept = /^tag(s|set)$/i.test(member)
      ? value.filter((tag: Input | null) => !isOwnKey(tag?.['key']) && !isOwnKey(tag?.['Key']))
      : value;
    return kept.map((element) => strip(element, ''));
  }
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !(/^tags$/i.test(member) && isOwnKey(key)))
      .map(([key, inner]) => [key, strip(inner, key)]),
  );
}

function namesOf(form: 'key-value' | 'Key-Value'): readonly [string, string] {
  return form === 'key-value' ? ['key', 'value'] : ['Key', 'Value'];
}
