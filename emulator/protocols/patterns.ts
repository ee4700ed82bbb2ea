/** Java's POSIX classes, which JavaScript does not have (java.util.regex.Pattern). */
const posixClasses: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  Alpha: 'A-Za-z',
  Digit: '0-9',
  Alnum: 'A-Za-z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Space: '\\s',
  XDigit: '0-9A-Fa-f',
  ASCII: '\\x00-\\x7F',
};

/**
 * Compiles a pattern of AWS's models, which are written for Java, to an expression that the whole value
 * must match, as AWS's framework asks for.
 *
 * @throws SyntaxError when JavaScript has no equivalent
 */
export function compilePattern(pattern: string): RegExp {
  const source = `^(?:${translate(pattern)})$`;
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    // Java allows `[\w-_]` and needless escapes, which only JavaScript's older syntax takes; there, however,
    // `\p{L}` would mean the letter p.
    if (/\\[pP]\{/.test(source)) throw error;
    return new RegExp(source);
  }
}

function translate(pattern: string): string {
  let inClass = false;
  return pattern.replaceAll(/\\p\{(\w+)\}|\\.|\[|\]/gs, (token, name: string | undefined) => {
    if (token === '[') inClass = true;
    if (token === ']') inClass = false;
    const characters = name === undefined ? undefined : posixClasses[name];
    if (characters === undefined) return token;
    return inClass ? characters : `[${characters}]`;
  });
}
