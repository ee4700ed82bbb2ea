/** Whether a principal is `*` or `{"AWS": "*"}`. */
export function isEverybody(principal: unknown): boolean {
  if (principal === '*') return true;
  return listOf((principal as { readonly AWS?: unknown } | undefined)?.AWS).includes('*');
}

/** `*` stands for any characters, `?` for one. */
export function like(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

/** What may be one or a list of them. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
