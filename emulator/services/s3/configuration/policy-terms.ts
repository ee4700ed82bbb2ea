/** Whether a principal is `*` or `{"AWS": "*"}`. */
export function isEverybody(principal: unknown): boolean {
  if (principal === '*') return true;
  return listOf((principal as { readonly AWS?: unknown } | undefined)?.AWS).includes('*');
}

/**
 * `*` stands for any characters, `?` for one. Only the last star seen is ever tried again, which takes as many
 * steps as the lengths multiplied at most: a policy comes from a client, and must not stop the process.
 */
export function like(pattern: string, text: string): boolean {
  let [at, from] = [0, 0];
  let star: { readonly behind: number; from: number } | undefined;
  while (from < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = { behind: (at += 1), from };
    } else if (wanted === '?' || wanted === text[from]) {
      at += 1;
      from += 1;
    } else if (star) {
      // The star takes one character more.
      from = star.from += 1;
      at = star.behind;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** What may be one or a list of them. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
