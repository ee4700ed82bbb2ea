import { compileRegex } from './regex.ts';
import { createScanner, invalidCharacters, PERCENT_REGEX, QUOTED, unescapeQuoted } from './scanner.ts';

type Test = (message: string) => boolean;

const PREFIX = /[?-]/y;
const WORD = /\S+/y;
/** The user guide wants quotes around anything but letters, digits and underscores; AWS takes these as well. */
const UNQUOTABLE = /[^\p{L}\p{N}_./@#=$&+-]/u;

/**
 * Compiles a pattern for unstructured text: every plain term must be there, no `-term` may be, and of
 * `?term`s one must be. The `?` terms are ignored beside terms of the other kinds, as on AWS.
 */
export function compileTermsPattern(pattern: string): Test {
  const scanner = createScanner(pattern);
  const required: Test[] = [];
  const optional: Test[] = [];
  const excluded: Test[] = [];
  while (!scanner.isAtEnd()) {
    const prefix = scanner.take(PREFIX)?.[0];
    const test = takeTerm();
    (prefix === '?' ? optional : prefix === '-' ? excluded : required).push(test);
  }
  if (required.length === 0 && excluded.length === 0) {
    return optional.length === 0 ? () => true : (message) => optional.some((test) => test(message));
  }
  return (message) => required.every((test) => test(message)) && !excluded.some((test) => test(message));

  function takeTerm(): Test {
    const quoted = scanner.take(QUOTED);
    if (quoted) {
      const phrase = unescapeQuoted(quoted[1] ?? '');
      // `" "`, a space in quotes, matches every event (user guide).
      return phrase.trim() === '' ? () => true : (message) => message.includes(phrase);
    }
    const regex = scanner.take(PERCENT_REGEX);
    if (regex) {
      const compiled = compileRegex(regex[1] ?? '');
      return (message) => compiled.test(message);
    }
    const word = scanner.take(WORD)?.[0] ?? '';
    const offending = word === '' ? '' : UNQUOTABLE.exec(word)?.[0];
    if (offending !== undefined) throw invalidCharacters(offending);
    return (message) => message.includes(word);
  }
}
