/**
 * Remembers what was read from an expression: a client sends the same few texts over and over, and what they say
 * depends on nothing else. A refusal is not remembered.
 *
 * @param read reads a text; what it returns is never changed
 */
export function remembering<Syntax>(read: (text: string) => Syntax): (text: string) => Syntax {
  const known = new Map<string, Syntax>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const syntax = read(text);
    if (known.size >= capacity) {
      // The one that was read first goes; one still in use is read again, and stays as long once more.
      for (const oldest of known.keys()) {
        known.delete(oldest);
        break;
      }
    }
    known.set(text, syntax);
    return syntax;
  };
}

/** Texts of one parameter, each of at most 4 KB. */
const capacity = 500;
