import type { Tag } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { EcsState } from '../state.ts';

const MAXIMUM_TAGS = 50;

/** The tags of a resource, in the order in which they were set; empty when it has none. */
export function tagsOf(state: Pick<EcsState, 'tags'>, arn: string): Tag[] {
  return state.tags.get(arn) ?? [];
}

/**
 * Adds tags to a resource; a key that it has already gets the new value.
 *
 * @throws AwsError InvalidParameterException when the resource would have more than 50; those of AWS, whose
 *   keys begin with `aws:`, do not count
 */
export function setTags(state: Pick<EcsState, 'tags'>, arn: string, tags: readonly Tag[] | undefined): void {
  if (!tags?.length) return;
  const merged = new Map(tagsOf(state, arn).map((tag) => [tag.key, tag]));
  for (const { key = '', value = '' } of tags) merged.set(key, { key, value });
  const own = [...merged.values()].filter(({ key = '' }) => !isReserved(key)).length;
  if (own > MAXIMUM_TAGS) throw tooMany(own);
  state.tags.set(arn, [...merged.values()]);
}

/** Takes tags away from a resource; keys that it lacks do not matter. */
export function removeTags(state: Pick<EcsState, 'tags'>, arn: string, keys: readonly string[]): void {
  const kept = tagsOf(state, arn).filter(({ key = '' }) => !keys.includes(key));
  if (kept.length > 0) state.tags.set(arn, kept);
  else state.tags.delete(arn);
}

/**
 * Checks tags as they come in a request, by the restrictions of the API reference, Tag.
 *
 * @throws AwsError InvalidParameterException
 */
export function validateTags(tags: readonly Tag[] | undefined): void {
  if (!tags) return;
  if (tags.length > MAXIMUM_TAGS) throw tooMany(tags.length);
  const seen = new Set<string>();
  for (const { key = '', value = '' } of tags) {
    if (key.length < 1 || key.length > 128) throw invalidParameter('Tag keys must be between 1 and 128 characters.');
    if (value.length > 256) throw invalidParameter('Tag values must be at most 256 characters.');
    if (isReserved(key) || isReserved(value)) throw invalidParameter('Tag keys and values cannot start with aws:.');
    if (seen.has(key)) throw invalidParameter(`Duplicate tag keys found: ${key}. Each tag key must be unique.`);
    seen.add(key);
  }
}

/** "Do not use aws:, AWS:, or any upper or lowercase combination of such as a prefix for either keys or values". */
export function isReserved(text: string): boolean {
  return /^aws:/i.test(text);
}

function tooMany(count: number): Error {
  return invalidParameter(`Tags can have at most ${MAXIMUM_TAGS} items, but there are ${count}.`);
}
