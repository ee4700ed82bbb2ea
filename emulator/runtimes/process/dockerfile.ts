/** An instruction of a Dockerfile, in upper case, and what follows it. */
interface Instruction {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads a Dockerfile's instructions: comments are dropped, continued lines joined
 * (https://docs.docker.com/reference/dockerfile/#format). Here-documents are not read.
 */
export function parseDockerfile(source: string): Instruction[] {
  const lines = source
    .split(/\r?\n/)
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\[ \t]*\n/g, ' ')
    .split('\n');
  return lines.flatMap((line) => {
    const [, name, text = ''] = /^\s*(\w+)\s*(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name: name.toUpperCase(), text: text.trim() }];
  });
}

/** The exec form `["a", "b"]` as it is; the shell form as Docker runs it. */
export function commandForm(text: string): string[] {
  return jsonForm(text) ?? ['/bin/sh', '-c', text];
}

/** The words of an instruction that takes a list, in either form. */
export function wordsForm(text: string): string[] {
  return jsonForm(text) ?? splitWords(text);
}

/** The flags (`--from=…`) before an instruction's words, and the rest. */
export function splitFlags(text: string): { flags: string[]; rest: string } {
  const flags: string[] = [];
  let rest = text;
  for (let match = /^(--\S+)\s+/.exec(rest); match; match = /^(--\S+)\s+/.exec(rest)) {
    flags.push(match[1] ?? '');
    rest = rest.slice(match[0].length);
  }
  return { flags, rest };
}

/** `A=1 B="two words"`, or the old form `A the rest`. */
export function assignments(text: string): Record<string, string> {
  const [first = '', ...rest] = splitWords(text);
  if (!first.includes('=')) return { [first]: text.slice(first.length).trim() };
  return Object.fromEntries(
    [first, ...rest].map((word) => {
      const equals = word.indexOf('=');
      return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
}

/** Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`. */
export function substitute(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\\\$|\$(?:\{(?<braced>\w+)(?::(?<operator>[-+])(?<operand>[^}]*))?\}|(?<bare>\w+))/g,
    (whole, braced?: string, operator?: string, operand?: string, bare?: string) => {
      if (whole === String.raw`\$`) return '$';
      const value = variables[braced ?? bare ?? ''] ?? '';
      if (operator === '-') return value || (operand ?? '');
      if (operator === '+') return value && (operand ?? '');
      return value;
    },
  );
}

function jsonForm(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every((word) => typeof word === 'string') ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Splits at blanks outside of quotes, and takes the quotes away. */
function splitWords(text: string): string[] {
  const words = text.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_whole, escaped?: string, double?: string, single?: string) =>
        escaped ?? double?.replaceAll(/\\(["\\$])/g, '$1') ?? single ?? '',
    ),
  );
}
